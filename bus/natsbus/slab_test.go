package natsbus

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"signalbox/bus"
)

// What is packed comes out as it went in, whatever it is.
func TestSlabKeepsMessages(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(rapid.Custom(anyMessage), 1, 50).Draw(t, "messages")
		var s slab
		for i := range want {
			s.add(&want[i])
		}
		got := bus.NewBatch(0, nil)
		s.unpack(got)
		if diff := cmp.Diff(want, got.Messages, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("packed and unpacked (-want +got):\n%s", diff)
		}
	})
}

func anyMessage(t *rapid.T) bus.Message {
	m := bus.Message{
		Subject:  rapid.SampledFrom([]string{"orders", "orders.17", "é"}).Draw(t, "subject"),
		Data:     rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "data"),
		Position: bus.Position{Major: rapid.Uint64().Draw(t, "sequence")},
		UnixNano: rapid.Int64Range(0, 1<<62).Draw(t, "time"),
	}
	for range rapid.IntRange(0, 3).Draw(t, "headers") {
		m.Headers = append(m.Headers, bus.Header{Name: rapid.StringN(1, 9, -1).Draw(t, "name"), Value: rapid.String().Draw(t, "value")})
	}
	m.Size = len(m.Data)
	return m
}

// A million messages of 200 bytes, which nobody reads, fit into the backlog of a core subject: a tenth into a tenth.
func TestBacklogTakesABurst(t *testing.T) {
	q := newIntake(DefaultBacklog / 10)
	m := bus.Message{Subject: "orders", Data: make([]byte, 200)}
	for n := range 100_000 {
		m.UnixNano = 1_700_000_000_000_000_000 + int64(n)*1000
		q.offer(m)
	}
	if q.dropped > 0 {
		t.Errorf("%d of 100000 messages were dropped", q.dropped)
	}
}
