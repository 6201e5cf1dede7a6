package natsbus_test

import (
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus"
)

// A consumer acknowledges in order, leaves one out, and has more before it: what is known of each message is said, and
// what is not is not.
func TestStanding(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{})
	s := p.stream(jetstream.StreamConfig{Name: "orders"})
	p.publishNumbers("orders.eu", 1, 4)
	p.publishNumbers("orders.us", 4, 5)
	p.publishNumbers("orders.eu", 5, 8)
	for name, config := range map[string]jetstream.ConsumerConfig{
		"in order":     {FilterSubject: "orders.eu", AckPolicy: jetstream.AckExplicitPolicy},
		"out of order": {AckPolicy: jetstream.AckExplicitPolicy},
		"all at once":  {AckPolicy: jetstream.AckAllPolicy},
		"silent":       {AckPolicy: jetstream.AckNonePolicy},
		"later":        {DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: 3, AckPolicy: jetstream.AckExplicitPolicy},
	} {
		config.Durable = map[string]string{"in order": "a", "out of order": "b", "all at once": "c", "silent": "d", "later": "e"}[name]
		p.consumer(s, config)
	}
	p.fetch(s, "a", 4, 1, 2, 3, 5)
	p.fetch(s, "b", 5, 1, 3)
	p.fetch(s, "c", 5, 3)
	p.fetch(s, "d", 2)
	p.fetch(s, "e", 2)
	for _, c := range []struct {
		consumer, subject string
		at                uint64
		want              bus.Standing
	}{
		{"a", "orders.eu", 3, bus.Done},
		{"a", "orders.us", 4, bus.Filtered},
		{"a", "orders.eu", 5, bus.Done},
		{"a", "orders.eu", 6, bus.Waiting},
		{"b", "orders.eu", 1, bus.Done},
		{"b", "orders.eu", 2, bus.Unknown}, // one of 2 to 5 is done, and the server does not say which
		{"b", "orders.eu", 3, bus.Unknown},
		{"b", "orders.eu", 6, bus.Waiting},
		{"c", "orders.eu", 2, bus.Done},
		{"c", "orders.us", 4, bus.Delivered},
		{"c", "orders.eu", 7, bus.Waiting},
		{"d", "orders.eu", 2, bus.Done},
		{"d", "orders.eu", 3, bus.Waiting},
		{"e", "orders.eu", 2, bus.Filtered},
		{"e", "orders.eu", 3, bus.Delivered},
		{"e", "orders.us", 4, bus.Delivered},
		{"e", "orders.eu", 0, bus.Unknown}, // it came by subject, without a sequence
	} {
		got, who := p.bus.Standing(p.reader(c.consumer), c.subject, bus.Position{Major: c.at})
		if got != c.want || who != "" {
			t.Errorf("consumer %s, message %d on %s: %s, %q, want %s", c.consumer, c.at, c.subject, got, who, c.want)
		}
	}
	if pending := p.reader("e").Pending; len(pending) != 2 || pending[0].Position.Major != 3 || pending[0].Deliveries != 1 {
		t.Errorf("consumer e has %+v unacknowledged, want 3 and 4, delivered once", pending)
	}
	if pending := p.reader("b").Pending; pending != nil {
		t.Errorf("consumer b has %+v unacknowledged, but which ones cannot be known", pending)
	}
}

// consumer makes another program's consumer.
func (p *place) consumer(s jetstream.Stream, config jetstream.ConsumerConfig) jetstream.Consumer {
	p.Helper()
	c, err := s.CreateConsumer(p.Context(), config)
	if err != nil {
		p.Fatal(err)
	}
	return c
}

// fetch pulls so many messages for a consumer, and acknowledges those with the sequences given.
func (p *place) fetch(s jetstream.Stream, consumer string, count int, acks ...uint64) {
	p.Helper()
	c, err := s.Consumer(p.Context(), consumer)
	if err != nil {
		p.Fatal(err)
	}
	got := map[uint64]jetstream.Msg{}
	for len(got) < count { // one may come twice where the server is slow
		batch, err := c.Fetch(count-len(got), jetstream.FetchMaxWait(patience))
		if err != nil {
			p.Fatal(err)
		}
		came := false
		for m := range batch.Messages() {
			meta, err := m.Metadata()
			if err != nil {
				p.Fatal(err)
			}
			got[meta.Sequence.Stream], came = m, true
		}
		if !came {
			p.Fatalf("consumer %s got %d messages, want %d: %v", consumer, len(got), count, batch.Error())
		}
	}
	for _, seq := range acks {
		if err := got[seq].DoubleAck(p.Context()); err != nil {
			p.Fatal(err)
		}
	}
}

// reader is a consumer as the bus lists it.
func (p *place) reader(name string) bus.Consumer {
	p.Helper()
	all, err := p.bus.Consumers(p.Context())
	if err != nil {
		p.Fatal(err)
	}
	for _, c := range all {
		if c.Name == name {
			return c
		}
	}
	p.Fatalf("no consumer %q in %+v", name, all)
	return bus.Consumer{}
}
