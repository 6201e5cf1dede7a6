package backlog

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"signalbox/bus"
)

// What waits comes out as it went in, whatever it is, in however small batches.
func TestMessagesComeOutAsTheyWentIn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := New(rapid.Int64Range(0, 16<<10).Draw(t, "limit"))
		want := rapid.SliceOfN(rapid.Custom(anyMessage), 1, 50).Draw(t, "messages")
		for i := range want {
			before := b.Held()
			needs := b.Needs(&want[i])
			b.Add(&want[i])
			if took := b.Held() - before; took != needs {
				t.Fatalf("a message took %d bytes, not %d", took, needs)
			}
		}
		var got []bus.Message
		for batch := b.Take(); batch != nil; batch = b.Take() {
			got = append(got, batch.Messages()...) // and so it is not given back
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("put in and taken out (-want +got):\n%s", diff)
		}
		if b.Held() != 0 {
			t.Fatalf("with nothing in it, it holds %d bytes", b.Held())
		}
	})
}

func anyMessage(t *rapid.T) bus.Message {
	m := bus.Message{
		Subject:  rapid.SampledFrom([]string{"", "orders", "orders.17", "é"}).Draw(t, "subject"),
		Data:     rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "data"),
		Position: bus.Position{Partition: rapid.Uint32().Draw(t, "partition"), Major: rapid.Uint64().Draw(t, "major"), Minor: rapid.Uint64().Draw(t, "minor")},
		UnixNano: rapid.Int64Range(0, 1<<62).Draw(t, "time"),
	}
	for range rapid.IntRange(0, 3).Draw(t, "headers") {
		m.Headers = append(m.Headers, bus.Header{Name: rapid.StringN(1, 9, -1).Draw(t, "name"), Value: rapid.String().Draw(t, "value")})
	}
	m.Size = len(m.Data) + rapid.IntRange(0, 1<<20).Draw(t, "left out")
	return m
}

// Gaps come before the messages that follow them, and those without positions become one when nothing lies between.
func TestGapsKeepTheirPlace(t *testing.T) {
	at := func(second int64) time.Time { return time.Unix(second, 0) }
	b := New(bus.FullBatch)
	b.CaughtUp()
	b.Gap(bus.Gap{Since: at(1), Until: at(2), Unknown: true, Why: "reconnected"})
	b.Gap(bus.Gap{Since: at(3), Until: at(4), Unknown: true, Why: "permission"})
	b.Add(&bus.Message{Data: []byte("a"), Size: 1})
	b.Gap(bus.Gap{Missed: 2, Why: "trimmed"})
	b.Gap(bus.Gap{Missed: 3, Why: "trimmed"})
	b.Add(&bus.Message{Data: []byte("b"), Size: 1})

	first, second, third := b.Take(), b.Take(), b.Take()
	if !first.CaughtUp || len(first.Gaps) > 0 || first.Len() > 0 {
		t.Errorf("first comes %+v", first)
	}
	want := []bus.Gap{{Since: at(1), Until: at(4), Unknown: true, Why: "permission"}}
	if diff := cmp.Diff(want, second.Gaps); diff != "" || string(second.Messages()[0].Data) != "a" {
		t.Errorf("then comes %+v:\n%s", second, diff)
	}
	if len(third.Gaps) != 2 || string(third.Messages()[0].Data) != "b" || third.CaughtUp {
		t.Errorf("at last comes %+v", third)
	}
}

// Messages of 171 bytes take little more than their payloads.
func TestABacklogIsSmall(t *testing.T) {
	b := New(4 * bus.FullBatch)
	m := bus.Message{Subject: "orders", Data: make([]byte, 171), Size: 171}
	for i := range 100_000 {
		m.UnixNano = 1_700_000_000_000_000_000 + int64(i)*1000
		b.Add(&m)
	}
	if most := int64(100_000 * 185); b.Held() > most {
		t.Errorf("100000 messages of 171 bytes take %d bytes, more than %d", b.Held(), most)
	}
}
