package natsbus_test

import (
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus"
)

// The last N are the last N kept, also where messages between were deleted.
func TestLastOfStreamWithHoles(t *testing.T) {
	p := newPlace(t, "", natsbus.Options{})
	s := p.stream(jetstream.StreamConfig{Name: "orders"})
	p.publishNumbers("orders.a", 1, 101)
	for n := uint64(41); n <= 95; n++ {
		if err := s.DeleteMsg(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	r := p.open("orders", bus.From{Start: bus.FromLast, Last: 10})
	r.untilCaughtUp()
	if len(r.messages) != 10 {
		t.Fatalf("%d messages, want 10", len(r.messages))
	}
	if first := r.messages[0].Position.Major; first != 36 { // 36 to 40, and 96 to 100
		t.Errorf("the first is %d, want 36", first)
	}
	if len(r.gaps) != 0 {
		t.Errorf("gaps %+v, but deleted messages were not missed", r.gaps)
	}
}

// A consumer that somebody removes, or that the server forgets, is replaced without loss.
func TestConsumerRemoved(t *testing.T) {
	p := newPlace(t, "", natsbus.Options{})
	s := p.stream(jetstream.StreamConfig{Name: "orders"})
	r := p.open("orders", bus.From{Start: bus.FromAll})
	for round := range 3 {
		p.publishNumbers("orders.a", 10*round, 10*round+10)
		r.untilData([]string{"9", "19", "29"}[round])
		before := readers(t, p.server.URL())
		for _, name := range before {
			if err := s.DeleteConsumer(t.Context(), strings.TrimPrefix(name, "orders/")); err != nil {
				t.Fatal(err)
			}
		}
		p.eventually("another consumer", func() bool {
			now := readers(t, p.server.URL())
			return len(now) == 1 && now[0] != before[0]
		})
	}
	r.wantNumbers(30)
	if len(r.gaps) != 0 {
		t.Errorf("gaps %+v, but nothing was missed", r.gaps)
	}
}

// What the stream let go before it could be read is reported, with how many.
func TestTrimmedBeforeRead(t *testing.T) {
	p := newPlace(t, "", natsbus.Options{Buffer: 64 << 10})
	p.stream(jetstream.StreamConfig{Name: "orders", MaxMsgs: 100})
	r := p.open("orders", bus.From{Start: bus.FromAll})
	p.publishNumbers("orders.a", 1, 11)
	r.untilData("10")
	// A reader that lags holds its feed back, so that the stream trims what the feed has not asked for.
	pad := strings.Repeat("x", 4000)
	for range 8000 {
		if err := p.conn.Publish("orders.a", []byte(pad)); err != nil {
			t.Fatal(err)
		}
	}
	p.publish("orders.a", "end")
	r.untilData("end")
	r.until("a gap", func() bool { return len(r.gaps) > 0 })
	var missed uint64
	for _, g := range r.gaps {
		if g.Why != "trimmed" || g.Missed != g.To.Major-g.From.Major+1 {
			t.Errorf("gap %+v, want it trimmed", g)
		}
		missed += g.Missed
	}
	if got := uint64(len(r.messages)) + missed; got != 8011 {
		t.Errorf("%d messages and %d missed: %d together, want 8011", len(r.messages), missed, got)
	}
}

// A stream that is purged goes on; one that is deleted and made again is read from its beginning, and the gap is told.
func TestPurgedAndDeleted(t *testing.T) {
	p := newPlace(t, "", natsbus.Options{})
	s := p.stream(jetstream.StreamConfig{Name: "orders"})
	r := p.open("orders", bus.From{Start: bus.FromAll})
	p.publishNumbers("orders.a", 0, 10)
	r.untilData("9")
	if err := s.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.publishNumbers("orders.a", 10, 12)
	r.untilData("11")
	if len(r.gaps) != 0 {
		t.Errorf("gaps %+v, but all that was purged had been read", r.gaps)
	}

	if err := p.js.DeleteStream(t.Context(), "orders"); err != nil {
		t.Fatal(err)
	}
	p.eventually("a notice about the deleted stream", func() bool {
		select {
		case n := <-p.bus.Notices():
			return n.Station == "orders" && strings.Contains(n.Text, "deleted")
		default:
			return false
		}
	})
	p.stream(jetstream.StreamConfig{Name: "orders"})
	p.publishNumbers("orders.a", 12, 15)
	r.untilData("14")
	r.wantNumbers(15)
	if len(r.gaps) != 1 || r.gaps[0].Why != "deleted" || !r.gaps[0].Unknown {
		t.Errorf("gaps %+v, want one that says deleted", r.gaps)
	}
}

// A message larger than what a feed asks for at once is read all the same.
func TestLargeMessages(t *testing.T) {
	p := newPlace(t, "max_payload: 8MB", natsbus.Options{Buffer: 32 << 10})
	p.stream(jetstream.StreamConfig{Name: "orders"})
	big := strings.Repeat("x", 5<<20)
	for range 2 {
		p.publish("orders.a", "small")
		p.publish("orders.a", big)
		p.publish("orders.a", big)
	}
	p.publish("orders.a", "end")
	r := p.open("orders", bus.From{Start: bus.FromAll})
	r.untilData("end")
	if len(r.messages) != 7 || len(r.messages[1].Data) != len(big) {
		t.Errorf("%d messages, want 7", len(r.messages))
	}
}

// A bucket is read as its stream: keys as subjects, deletions by their header.
func TestBucket(t *testing.T) {
	p := newPlace(t, "", natsbus.Options{})
	kv, err := p.js.CreateKeyValue(t.Context(), jetstream.KeyValueConfig{Bucket: "state", History: 5})
	if err != nil {
		t.Fatal(err)
	}
	for _, value := range []string{"a", "b"} {
		if _, err := kv.Put(t.Context(), "order.17", []byte(value)); err != nil {
			t.Fatal(err)
		}
	}
	if err := kv.Delete(t.Context(), "order.17"); err != nil {
		t.Fatal(err)
	}
	r := p.open("state", bus.From{Start: bus.FromAll})
	r.untilCaughtUp()
	if len(r.messages) != 3 {
		t.Fatalf("%d messages, want 3", len(r.messages))
	}
	for i, operation := range []string{"", "", "DEL"} {
		if m := r.messages[i]; m.Subject != "order.17" || m.Headers.Get("KV-Operation") != operation {
			t.Errorf("message %d: subject %q, headers %v, want order.17 and operation %q", i, m.Subject, m.Headers, operation)
		}
	}
	m, err := p.bus.Get(t.Context(), p.station("state"), bus.Position{Major: 2})
	if err != nil || m.Subject != "order.17" || string(m.Data) != "b" {
		t.Errorf("get 2: %+v, %v, want b at order.17", m, err)
	}
	receipt, err := p.bus.Publish(t.Context(), bus.Outgoing{Station: "state", Kind: bus.Bucket, Subject: "order.18", Data: []byte("c")})
	if err != nil || receipt.Station != "state" || receipt.Position.Major != 4 {
		t.Errorf("publish into a bucket: %+v, %v, want it stored in state as 4", receipt, err)
	}
}
