package sources

import (
	"strings"
	"testing"

	"signalbox/bus"
)

// While much waits in a feed, the oldest events make room for it; what is held and waits stays within the share.
func TestTheWindowMakesRoomForWhatWaits(t *testing.T) {
	const memory, waits = 8 << 20, 4 << 20
	var told int64
	e, ctx := running(t, Options{Memory: memory, Holds: func(bytes int64) { told = bytes }})
	b := newMemoryBus()
	f := b.add(bus.Station{Name: "one", Kind: bus.Subject, Readable: true, Traits: bus.Traits{Separators: "."}})
	attach(ctx, t, e, b)
	fill := func() (held uint64) {
		for range 10 {
			b.send(ctx, t, e, "one", largeEvents())
		}
		err := e.requests.do(ctx, func() {
			held = e.store.Window.Total()
			balanced(t, "one", e.attached.stations[0].ledger)
			e.then.sample(false) // grows beside the events
			e.settle()
			if most := heldShare(memory); told != e.store.Window.Memory()+e.held()+f.Waiting() || told > most {
				t.Errorf("held and waiting are %d bytes, want %d, which is at most %d", told, e.store.Window.Memory()+e.held()+f.Waiting(), most)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		return held
	}
	before := fill()
	f.waiting.Store(waits)
	if held := fill(); held > before/2 {
		t.Errorf("while %d bytes wait, %d events are held of the %d before", waits, held, before)
	}
	f.waiting.Store(0)
	if held := fill(); held < before*9/10 {
		t.Errorf("afterwards only %d events are held of the %d before", held, before)
	}
}

// Events can be given less than what all else leaves.
func TestEventsTakeNoMoreThanTheyMay(t *testing.T) {
	const most = 1 << 20
	e, ctx := running(t, Options{Events: most})
	b := newMemoryBus("one")
	attach(ctx, t, e, b)
	for range 4 {
		b.send(ctx, t, e, "one", largeEvents())
	}
	err := e.requests.do(ctx, func() {
		l := e.attached.stations[0].ledger
		balanced(t, "one", l)
		if memory := e.store.Window.Memory(); memory > most || l.Held == 0 || l.Evicted == 0 {
			t.Errorf("%d events take %d bytes of at most %d, and %d have left", l.Held, memory, most, l.Evicted)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

// largeEvents are a thousand events of two kilobytes.
func largeEvents() *bus.Batch {
	pad := strings.Repeat("x", 2000)
	batch := batchOf()
	for i := range 1000 {
		m := message(i, "a "+pad)
		batch.Add(&m)
	}
	return batch
}
