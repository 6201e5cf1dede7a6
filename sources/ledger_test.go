package sources

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"signalbox/bus"
)

// TestLedgerAddsUp feeds stations with gaps, drops, refusals and more than there is memory for, and looks at every
// moment there is: each event, each batch, each snapshot.
func TestLedgerAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var moments atomic.Int64
		var e *Engine
		e, ctx := cramped(t, Options{Memory: 1, Frame: time.Microsecond, Tap: func(*Event) {
			moments.Add(1)
			for _, s := range e.store.stations {
				balanced(t, s.key, s.ledger)
			}
		}})
		b := newMemoryBus("one", "two")
		attach(ctx, t, e, b)
		e.Look(View{Events: EventsView{Above: 10}, Entities: EntitiesView{Rows: 10}})
		var sent, dropped, missed, bad uint64
		for range rapid.IntRange(1, 20).Draw(t, "batches") {
			batch := batchOf()
			size := rapid.SampledFrom([]int{1, 100, 5000}).Draw(t, "size")
			for i := range rapid.IntRange(0, 50).Draw(t, "messages") {
				text := drawText(t, false) + " pad=" + strings.Repeat("x", size)
				if i%10 == 9 {
					text = "?"
					bad++
				}
				m := message(i, text)
				batch.Add(&m)
				sent++
			}
			batch.Dropped = rapid.Uint64Range(0, 3).Draw(t, "dropped")
			if n := rapid.Uint64Range(0, 3).Draw(t, "missed"); n > 0 {
				batch.Gaps = append(batch.Gaps, bus.Gap{Missed: n, Why: "trimmed"})
				missed += n
			}
			dropped += batch.Dropped
			b.send(ctx, t, e, rapid.SampledFrom([]string{"one", "two"}).Draw(t, "station"), batch)
			for _, s := range e.Snapshot().Stations {
				balanced(t, "snapshot of "+s.Key, s.Ledger)
			}
		}
		sum, each, err := e.Ledger(ctx)
		if err != nil {
			t.Fatal(err)
		}
		balanced(t, "all", sum)
		balanced(t, "one", each["one"])
		if sum.Received != sent+dropped || sum.Dropped != dropped || sum.Missed != missed || sum.Undecodable != bad {
			t.Fatalf("%+v; sent %d, dropped %d, missed %d, undecodable %d", sum, sent, dropped, missed, bad)
		}
		if sum.Decoded+sum.Undecodable != sent || sum.Folded+sum.Rejected+sum.Failed > sum.Decoded {
			t.Fatalf("what was decoded does not add up: %+v", sum)
		}
		if uint64(moments.Load()) != sent {
			t.Fatalf("%d events seen, want %d", moments.Load(), sent)
		}
	})
}

func balanced(t tester, what string, l Ledger) {
	if l.Received != l.Held+l.Evicted+l.Dropped {
		t.Errorf("%s: received %d, held %d + evicted %d + dropped %d", what, l.Received, l.Held, l.Evicted, l.Dropped)
	}
}

func TestGapsAreListedAndCounted(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus()
	b.add(bus.Station{Name: "log", Readable: true, Traits: bus.Traits{Positions: bus.TimedIDs}})
	attach(ctx, t, e, b)
	at := time.Unix(1000, 0)
	for i := range MaxGaps + 5 {
		batch := batchOf()
		batch.Gaps = []bus.Gap{{
			Since: at, Until: at.Add(time.Duration(i) * time.Second), From: bus.Position{Major: uint64(i), Minor: 1},
			To: bus.Position{Major: uint64(i), Minor: 2}, Missed: 2, Why: "trimmed",
		}}
		b.send(ctx, t, e, "log", batch)
	}
	sum, _, err := e.Ledger(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(sum.Gaps) != MaxGaps || sum.GapCount != MaxGaps+5 || sum.Missed != 2*(MaxGaps+5) {
		t.Fatalf("%d gaps listed, %d counted, %d missed", len(sum.Gaps), sum.GapCount, sum.Missed)
	}
	last := sum.Gaps[MaxGaps-1]
	if want := fmt.Sprintf("%d-2", MaxGaps+4); last.To != want || last.Station != "log" || last.Why != "trimmed" {
		t.Errorf("the newest gap is %+v, want one to %s", last, want)
	}
}
