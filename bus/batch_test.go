package bus

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func anyMessage(t *rapid.T) Message {
	m := Message{
		Subject: rapid.SampledFrom([]string{"", "orders", "orders.17", "é"}).Draw(t, "subject"),
		Data:    rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(t, "data"),
		Position: Position{
			Partition: rapid.Uint32().Draw(t, "partition"), Major: rapid.Uint64().Draw(t, "major"), Minor: rapid.Uint64().Draw(t, "minor"),
		},
		UnixNano: rapid.Int64().Draw(t, "time"),
	}
	if rapid.Bool().Draw(t, "without position") {
		m.Position = Position{}
	}
	for range rapid.IntRange(0, 3).Draw(t, "headers") {
		m.Headers = append(m.Headers, Header{Name: rapid.StringN(1, 9, -1).Draw(t, "name"), Value: rapid.String().Draw(t, "value")})
	}
	m.Size = len(m.Data) + max(0, rapid.IntRange(-9, 1<<20).Draw(t, "left out"))
	return m
}

// Messages come out of a batch as they went in, in order and each by its place, and none takes more than its weight.
func TestMessagesComeOutOfABatch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(rapid.Custom(anyMessage), 1, 40).Draw(t, "messages")
		b := NewBatch(rapid.IntRange(0, 4000).Draw(t, "room"))
		var places []int
		for i := range want {
			before, fits := b.Memory(), b.Fits(&want[i])
			places = append(places, b.End())
			b.Add(&want[i])
			if took := b.End() - places[i]; took > Weight(&want[i]) {
				t.Fatalf("a message of weight %d took %d bytes", Weight(&want[i]), took)
			}
			if fits && b.Memory() != before {
				t.Fatalf("a message that fits made the batch grow from %d to %d bytes", before, b.Memory())
			}
		}
		if diff := cmp.Diff(want, b.Messages(), cmpopts.EquateEmpty()); diff != "" || b.Len() != len(want) {
			t.Fatalf("put in and taken out (-want +got):\n%s", diff)
		}
		var m Message
		for range 20 {
			i := rapid.IntRange(0, len(want)-1).Draw(t, "which")
			next := b.Read(places[i], &m)
			if diff := cmp.Diff(want[i], m, cmpopts.EquateEmpty()); diff != "" || b.Time(places[i]) != want[i].UnixNano {
				t.Fatalf("read by its place (-want +got):\n%s", diff)
			}
			if i+1 < len(want) && next != places[i+1] || i+1 == len(want) && next != b.End() {
				t.Fatalf("after the message at %d comes one at %d", places[i], next)
			}
		}
	})
}

// What a batch holds stays as it is until it is released, though many others are.
func TestABatchStaysUntilReleased(t *testing.T) {
	full := func(fill byte) *Batch {
		b := NewBatch(FullBatch)
		for m := (Message{Data: bytes.Repeat([]byte{fill}, 500), Size: 500}); b.Fits(&m); {
			b.Add(&m)
		}
		return b
	}
	kept := full('a')
	for range 10 {
		full('b').Release()
	}
	for _, m := range kept.Messages() {
		if !bytes.Equal(m.Data, bytes.Repeat([]byte{'a'}, 500)) {
			t.Fatalf("what was kept is now %.20q", m.Data)
		}
	}
	kept.Release()
	if b := NewBatch(FullBatch); b.Len() != 0 || b.End() != 0 || b.Memory() != FullBatch {
		t.Errorf("a new batch has %d messages in %d of %d bytes", b.Len(), b.End(), b.Memory())
	}
}

func BenchmarkBatch(b *testing.B) {
	m := Message{Subject: "deliveries", Data: make([]byte, 200), UnixNano: 1_700_000_000_000_000_000, Size: 200}
	b.Run("add", func(b *testing.B) {
		batch := NewBatch(FullBatch)
		for b.Loop() {
			if !batch.Fits(&m) {
				batch.Release()
				batch = NewBatch(FullBatch)
			}
			m.UnixNano += 1000
			batch.Add(&m)
		}
	})
	b.Run("read", func(b *testing.B) {
		batch := NewBatch(FullBatch)
		for batch.Fits(&m) {
			m.UnixNano += 1000
			batch.Add(&m)
		}
		at := 0
		for b.Loop() {
			if at == batch.End() {
				at = 0
			}
			at = batch.Read(at, &m)
		}
	})
}
