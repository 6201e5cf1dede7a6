package window

import (
	"bytes"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"signalbox/bus"
)

// newTest makes a window of small pages that may hold so much.
func newTest(page int, limit int64, evicted func(byStation []uint32)) *Window {
	return New(Options{Page: page, Limit: func() int64 { return limit }, Evicted: evicted, Grown: func() {}})
}

// addAll adds all messages of a batch.
func (w *Window) addAll(b *bus.Batch, station func(number uint64) uint16) {
	from := w.Begin(b)
	for at := 0; at < b.End(); {
		var m bus.Message
		next := b.Read(at, &m)
		w.Add(from, at, &m, &Facts{Station: station(w.Next()), Version: uint32(w.Next())})
		at = next
	}
	w.End(from)
}

func TestWindowHoldsTheNewest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.Int64Range(0, 64<<10).Draw(t, "limit")
		left := uint64(0)
		w := newTest(1024, limit, func(byStation []uint32) {
			for _, n := range byStation {
				left += uint64(n)
			}
		})
		var all [][]byte
		for range rapid.IntRange(1, 400).Draw(t, "events") {
			n := rapid.SampledFrom([]int{0, 1, 7, 200, 3000, 9000}).Draw(t, "size")
			payload := bytes.Repeat([]byte{byte(len(all))}, n)
			b := bus.NewBatch(0)
			b.Add(&bus.Message{Data: payload, Size: n})
			w.addAll(b, func(number uint64) uint16 { return uint16(number % 3) })
			all = append(all, payload)
			if most := max(limit, 1024+max(4*1024, int64(n)+100)); w.Memory() > most {
				t.Fatalf("%d bytes held, want at most %d", w.Memory(), most)
			}
		}
		if w.Next() != uint64(len(all))+1 || left+w.Total() != uint64(len(all)) {
			t.Fatalf("%d left and %d held of %d", left, w.Total(), len(all))
		}
		for number := w.First(); number < w.Next(); number++ {
			var m bus.Message
			var got Facts
			w.Get(number).Read(&m, &got)
			if want := all[number-1]; !bytes.Equal(m.Data, want) || uint64(got.Version) != number || uint64(got.Station) != number%3 {
				t.Fatalf("event %d: %d bytes of version %d, want %d", number, len(m.Data), got.Version, len(want))
			}
		}
		w.Clear()
		if w.Memory() != 0 || w.Total() != 0 || left != uint64(len(all)) {
			t.Fatalf("%d bytes are held of nothing, %d events of %d left", w.Memory(), left, len(all))
		}
	})
}

// A window that holds nothing numbers events and lets their batches go.
func TestWindowOfNothing(t *testing.T) {
	var left []uint32
	told := uint32(0)
	w := New(Options{Page: 1024, Limit: func() int64 { return 1 << 20 }, Nothing: true, Grown: func() { told++ }, Evicted: func(byStation []uint32) {
		for len(left) < len(byStation) {
			left = append(left, 0)
		}
		for station, n := range byStation {
			left[station] += n
		}
	}})
	for round := range uint32(3) {
		b := bus.NewBatch(64 << 10)
		for b.End() < 60<<10 { // so full that it would be kept
			b.Add(&bus.Message{Data: make([]byte, 1<<10)})
		}
		from := w.Begin(b)
		for station := range uint16(3) {
			w.Pass(station)
		}
		if w.Pass(1); w.Total() != 0 || w.Has(w.Next()-1) || w.Memory() != 0 {
			t.Fatalf("%d events in %d bytes are held of nothing", w.Total(), w.Memory())
		}
		w.End(from)
		if from.batch != nil || told != round+1 {
			t.Errorf("the batch is let go: %t, and was told of %d times", from.batch == nil, told)
		}
		if want := []uint32{round + 1, 2 * (round + 1), round + 1}; !slices.Equal(left, want) || w.Next() != uint64(4*(round+1))+1 {
			t.Fatalf("%d have left and the next is %d; want %d", left, w.Next(), want)
		}
	}
}

// What comes message by message takes no more than its bytes and a few for each.
func TestATrickleIsSmall(t *testing.T) {
	w := newTest(64<<10, 1<<30, func([]uint32) {})
	for range 50_000 {
		b := bus.NewBatch(512)
		b.Add(&bus.Message{Subject: "orders", Data: make([]byte, 171), Size: 171})
		w.addAll(b, func(uint64) uint16 { return 0 })
	}
	if most := int64(50_000 * 220); w.Memory() > most {
		t.Errorf("50000 messages of 171 bytes take %d bytes, more than %d", w.Memory(), most)
	}
}
