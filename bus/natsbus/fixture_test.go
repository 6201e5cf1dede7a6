package natsbus_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus"
)

const patience = time.Minute

// place is a server, another program's connection to it, and the bus.
type place struct {
	*testing.T
	server *testServer
	conn   *nats.Conn
	js     jetstream.JetStream
	bus    *natsbus.Bus
}

func newPlace(t *testing.T, config string, o natsbus.Options) *place {
	t.Helper()
	return placeOn(t, startServer(t, "", config, nil), o)
}

func placeOn(t *testing.T, s *testServer, o natsbus.Options) *place {
	t.Helper()
	p := &place{T: t, server: s}
	p.conn, p.js = client(t, p.server.URL())
	t.Cleanup(p.conn.Close)
	o.URL = p.server.URL()
	var err error
	if p.bus, err = natsbus.Connect(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.bus.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

func (p *place) stream(config jetstream.StreamConfig) jetstream.Stream {
	p.Helper()
	if config.Subjects == nil {
		config.Subjects = []string{config.Name + ".>"}
	}
	s, err := p.js.CreateStream(p.Context(), config)
	if err != nil {
		p.Fatal(err)
	}
	return s
}

func (p *place) publish(subject, data string) *jetstream.PubAck {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.Context(), patience)
	defer cancel()
	ack, err := p.js.Publish(ctx, subject, []byte(data))
	if err != nil {
		p.Fatal(err)
	}
	return ack
}

// publishNumbers publishes the numbers from a to b-1 as payloads.
func (p *place) publishNumbers(subject string, a, b int) {
	p.Helper()
	for n := a; n < b; n++ {
		p.publish(subject, fmt.Sprint(n))
	}
}

func (p *place) station(name string) bus.Station {
	p.Helper()
	found, err := p.bus.Stations(p.Context(), name)
	if err != nil || len(found) != 1 {
		p.Fatalf("stations %q: %+v, %v", name, found, err)
	}
	return found[0]
}

func (p *place) open(name string, from bus.From) *reading {
	p.Helper()
	f, err := p.bus.Open(p.Context(), p.station(name), from)
	if err != nil {
		p.Fatal(err)
	}
	return &reading{place: p, feed: f}
}

// reading collects what a feed delivers.
type reading struct {
	*place
	feed     bus.Feed
	messages []bus.Message
	gaps     []bus.Gap
	caughtUp bool

	concluded bool
}

func (r *reading) until(what string, holds func() bool) {
	r.Helper()
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	for !holds() {
		b, err := r.feed.Next(ctx)
		if err != nil {
			r.Fatalf("waiting for %s, with %d messages and gaps %+v: %v", what, len(r.messages), r.gaps, err)
		}
		r.messages = append(r.messages, b.Messages()...) // and so it is not given back
		b.Settle()
		r.gaps = append(r.gaps, b.Gaps...)
		r.caughtUp, r.concluded = r.caughtUp || b.CaughtUp, r.concluded || b.Concluded
	}
}

func (r *reading) untilCaughtUp() {
	r.Helper()
	r.until("caught up", func() bool { return r.caughtUp })
}

func (r *reading) untilData(data string) {
	r.Helper()
	r.until(data, func() bool { return len(r.messages) > 0 && string(r.messages[len(r.messages)-1].Data) == data })
}

// wantNumbers checks that the payloads are the numbers from 0 to n-1.
func (r *reading) wantNumbers(n int) {
	r.Helper()
	if len(r.messages) != n {
		r.Fatalf("%d messages, want %d", len(r.messages), n)
	}
	for i, m := range r.messages {
		if string(m.Data) != fmt.Sprint(i) {
			r.Fatalf("message %d is %q, want %d", i, m.Data, i)
		}
	}
}

// eventually waits until a condition holds.
func (p *place) eventually(what string, holds func() bool) {
	p.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			p.Fatalf("still not: %s", what)
		}
	}
}
