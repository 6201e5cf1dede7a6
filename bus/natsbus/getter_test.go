package natsbus_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus"
)

// Where consumers are limited none is made: the application gets the last one, though the session came first; all is read.
func TestLimitedConsumersAreLeftToTheApplication(t *testing.T) {
	t.Parallel()
	for _, limit := range []struct {
		name, server string
		config       jetstream.StreamConfig
	}{
		{name: "the stream's", config: jetstream.StreamConfig{MaxConsumers: 1}},
		{name: "the stream's, with direct gets", config: jetstream.StreamConfig{MaxConsumers: 1, AllowDirect: true}},
		{name: "the account's", server: `no_auth_user: one
			accounts { A { jetstream { max_consumers: 1 }, users: [ { user: one, password: one } ] } }`},
	} {
		t.Run(limit.name, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t, limit.server, natsbus.Options{})
			limit.config.Name = "orders"
			s := p.stream(limit.config)
			p.publishNumbers("orders.a", 0, 100)
			r := p.open("orders", bus.From{Start: bus.FromAll})
			r.untilCaughtUp()
			p.publishNumbers("orders.a", 100, 150)
			r.untilData("149")
			r.wantNumbers(150)
			if len(r.gaps) != 0 {
				t.Errorf("gaps %+v, but nothing was missed", r.gaps)
			}
			for i, m := range r.messages {
				if m.Position.Major != uint64(i+1) || m.UnixNano == 0 {
					t.Fatalf("message %d is at %d, of %d", i, m.Position.Major, m.UnixNano)
				}
			}
			p.consumer(s, jetstream.ConsumerConfig{Durable: "billing"})
			if got := readers(t, p.server.URL()); len(got) != 1 {
				t.Errorf("consumers %v, want the application's", got)
			}
			if reading := p.station("orders").Reading; !strings.Contains(reading, "may have 1 consumer") {
				t.Errorf("it is said to be read by %q", reading)
			}
			found := fmt.Sprint(p.bus.Examine(t.Context()))
			if !strings.Contains(found, "may have 1 consumer") {
				t.Errorf("doctor says %s", found)
			}
		})
	}
}

// Where the server takes few subscriptions, streams beyond them are read all the same.
func TestStreamsBeyondTheSubscriptionsThereMayBe(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "max_subscriptions: 4", natsbus.Options{})
	names := []string{"a", "b", "c", "d", "e", "f", "g", "h"}
	for _, name := range names {
		p.stream(jetstream.StreamConfig{Name: name})
		p.publishNumbers(name+".x", 0, 10)
	}
	var all []*reading
	for _, name := range names {
		r := p.open(name, bus.From{Start: bus.FromAll})
		r.untilCaughtUp()
		all = append(all, r)
	}
	for i, r := range all {
		p.publishNumbers(names[i]+".x", 10, 20)
		r.untilData("19")
		r.wantNumbers(20)
		if len(r.gaps) != 0 {
			t.Errorf("gaps %+v, but nothing was missed", r.gaps)
		}
	}
	p.wantNotice("takes no more subscriptions")
}

// Getting begins where it should, also where messages are missing between.
func TestGettingBeginsWhereItShould(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{})
	s := p.stream(jetstream.StreamConfig{Name: "orders", MaxConsumers: 1})
	p.publishNumbers("orders.a", 1, 101)
	for n := uint64(41); n <= 95; n++ {
		if err := s.DeleteMsg(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		from  bus.From
		first uint64
		count int
	}{
		{bus.From{Start: bus.FromAll}, 1, 45},
		{bus.From{Start: bus.FromLast, Last: 10}, 36, 10},
		{bus.From{Start: bus.FromSince, Since: patience}, 1, 45},
		{bus.From{Start: bus.FromAt, Position: bus.Position{Major: 98}}, 98, 3},
	} {
		r := p.open("orders", test.from)
		r.untilCaughtUp()
		if len(r.messages) != test.count || r.messages[0].Position.Major != test.first || len(r.gaps) != 0 {
			t.Errorf("from %v: %d messages, gaps %+v, want %d from %d", test.from, len(r.messages), r.gaps, test.count, test.first)
		}
		if err := r.feed.Close(); err != nil {
			t.Error(err)
		}
	}
	r := p.open("orders", bus.From{})
	p.publish("orders.a", "new")
	r.untilData("new")
	if len(r.messages) != 1 {
		t.Errorf("from new: %d messages", len(r.messages))
	}
}

// What is gone before it was got lies in a gap, as with a consumer; a stream made again is got from its beginning.
func TestLossesWhileGetting(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{Buffer: 16 << 10})
	config := jetstream.StreamConfig{Name: "orders", MaxConsumers: 1, MaxMsgs: 50}
	p.stream(config)
	subject := func(int) string { return "orders.a" }
	all := p.sendNumbers(nil, 1, 10, subject)
	r := p.open("orders", bus.From{Start: bus.FromAll})
	r.until("the first", func() bool { return len(r.messages) == 1 })
	all = p.sendNumbers(all, 200, 4000, subject)
	r.until("the last message, and all gaps", func() bool {
		missed := uint64(0)
		for _, g := range r.gaps {
			missed += g.Missed
		}
		return uint64(len(r.messages))+missed == uint64(len(all))
	})
	r.wantLossesInGaps(all, "trimmed")

	if err := p.js.DeleteStream(t.Context(), "orders"); err != nil {
		t.Fatal(err)
	}
	p.stream(config)
	r.gaps, r.messages = nil, r.messages[:0]
	p.publishNumbers("orders.a", 0, 10)
	r.untilData("9")
	r.wantNumbers(10)
	if len(r.gaps) != 1 || r.gaps[0].Why != "deleted" {
		t.Errorf("gaps %+v, want one that says deleted", r.gaps)
	}
}

// A stream that was deleted, and made again as a queue, is given no consumer: that would keep its messages from going.
func TestStreamMadeAgainAsAQueueGetsNoConsumer(t *testing.T) {
	t.Parallel()
	p := newPlace(t, "", natsbus.Options{})
	p.stream(jetstream.StreamConfig{Name: "orders"})
	r := p.open("orders", bus.From{Start: bus.FromAll})
	p.publishNumbers("orders.a", 0, 5)
	r.untilData("4")
	if err := p.js.DeleteStream(t.Context(), "orders"); err != nil {
		t.Fatal(err)
	}
	s := p.stream(jetstream.StreamConfig{Name: "orders", Retention: jetstream.InterestPolicy})
	p.consumer(s, jetstream.ConsumerConfig{Durable: "billing", AckPolicy: jetstream.AckExplicitPolicy})
	p.publishNumbers("orders.a", 5, 10)
	r.untilData("9")
	r.wantNumbers(10)
	if got := readers(t, p.server.URL()); len(got) != 1 {
		t.Errorf("consumers %v, want the application's", got)
	}
}
