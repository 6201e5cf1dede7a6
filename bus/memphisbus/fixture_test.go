package memphisbus_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/memphisbus"
)

// place is a server, another program's connection to it, and the bus.
type place struct {
	*testing.T
	server *memphis
	conn   *nats.Conn
	js     jetstream.JetStream
	bus    *memphisbus.Bus
}

func newPlace(t *testing.T) *place {
	t.Helper()
	return placeOn(t, startMemphis(t, "", nil), "")
}

// placeOn connects the bus to a server by a URL; the server's own when it is empty.
func placeOn(t *testing.T, s *memphis, address string) *place {
	t.Helper()
	p := &place{T: t, server: s}
	p.conn, p.js = s.client()
	t.Cleanup(p.conn.Close)
	if address == "" {
		address = s.URL()
	}
	var err error
	if p.bus, err = memphisbus.Connect(t.Context(), memphisbus.Options{URL: address}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.bus.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// station makes a station as Memphis does. Without partitions it is one of Memphis 0.x.
func station(t testing.TB, address, name string, partitions int, change ...func(*jetstream.StreamConfig)) {
	t.Helper()
	conn, js := client(t, address)
	defer conn.Close()
	for n := range max(1, partitions) {
		config := jetstream.StreamConfig{Name: stream(name, min(n+1, partitions)), MaxAge: 7 * 24 * time.Hour, Duplicates: 2 * time.Minute}
		config.Subjects = []string{config.Name + ".>"}
		for _, c := range change {
			c(&config)
		}
		if _, err := js.CreateStream(t.Context(), config); err != nil {
			t.Fatalf("station %s: %v", name, err)
		}
	}
}

// ackBased is a change of station: it keeps messages until all groups have acknowledged them.
func ackBased(c *jetstream.StreamConfig) { c.Retention = jetstream.InterestPolicy }

// stream is the stream of a partition; that of a station without partitions is 0.
func stream(station string, partition int) string {
	name := strings.ReplaceAll(strings.ToLower(station), ".", "#")
	if partition > 0 {
		name += fmt.Sprintf("$%d", partition)
	}
	return name
}

// group makes a group's consumers on all partitions, as Memphis does.
func (p *place) group(station, group string, partitions int, change ...func(*jetstream.ConsumerConfig)) []jetstream.Consumer {
	p.Helper()
	var all []jetstream.Consumer
	for n := range max(1, partitions) {
		name := stream(station, min(n+1, partitions))
		config := jetstream.ConsumerConfig{
			Durable: strings.ReplaceAll(strings.ToLower(group), ".", "#"), AckPolicy: jetstream.AckExplicitPolicy, AckWait: 5 * time.Second,
			MaxDeliver: 3, MaxAckPending: -1, FilterSubject: name + ".final",
		}
		for _, c := range change {
			c(&config)
		}
		c, err := p.js.CreateOrUpdateConsumer(p.Context(), name, config)
		if err != nil {
			p.Fatalf("group %s: %v", group, err)
		}
		all = append(all, c)
	}
	return all
}

// produce sends a message as a producer of Memphis 1.x does.
func (p *place) produce(station string, partition int, data string, headers ...string) {
	p.Helper()
	m := nats.NewMsg(stream(station, partition) + ".final")
	m.Data = []byte(data)
	m.Header["$memphis_producedBy"] = []string{"voter-3f25"}
	m.Header["$memphis_connectionId"] = []string{"53726623-f205-4b32-8257-a6e2dd4beaeb"}
	for i := 0; i+1 < len(headers); i += 2 {
		m.Header[headers[i]] = []string{headers[i+1]}
	}
	ctx, cancel := context.WithTimeout(p.Context(), patience)
	defer cancel()
	if _, err := p.js.PublishMsg(ctx, m); err != nil {
		p.Fatal(err)
	}
}

// control sends what a client tells Memphis, in the spacing of its client library.
func (p *place) control(subject, text string) {
	p.Helper()
	err := p.conn.Publish(subject, []byte(text))
	if err == nil {
		err = p.conn.FlushTimeout(patience)
	}
	if err != nil {
		p.Fatal(err)
	}
}

// one is the station of a name.
func (p *place) one(name string) bus.Station {
	p.Helper()
	list, err := p.bus.Stations(p.Context(), name)
	if err != nil || len(list) != 1 {
		p.Fatalf("station %s: %+v, %v", name, list, err)
	}
	return list[0]
}

// read reads so many messages of a station.
func (p *place) read(s bus.Station, from bus.From, n int) []bus.Message {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.Context(), patience)
	defer cancel()
	f, err := p.bus.Open(ctx, s, from)
	if err != nil {
		p.Fatal(err)
	}
	defer f.Close()
	var all []bus.Message
	for len(all) < n {
		b, err := f.Next(ctx)
		if err != nil {
			p.Fatalf("after %d messages: %v", len(all), err)
		}
		all = append(all, b.Messages()...)
	}
	return all
}

// eventually waits until something holds.
func (p *place) eventually(what string, holds func() bool) {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.Context(), patience)
	defer cancel()
	pause := time.NewTicker(10 * time.Millisecond)
	defer pause.Stop()
	for !holds() {
		select {
		case <-pause.C:
		case <-ctx.Done():
			p.Fatalf("it did not come about: %s", what)
		}
	}
}

// detail is a fact about a station or a consumer.
func detail(all []bus.Detail, name string) string {
	for _, d := range all {
		if d.Name == name {
			return d.Value
		}
	}
	return ""
}
