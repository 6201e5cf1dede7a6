package sources

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"signalbox/bus"
	"signalbox/sources/internal/window"
)

// TestLedgerAddsUp feeds stations with gaps, drops, refusals, failures, what cannot be read or has no entity, and more than
// there is memory for; they are read anew, and filtered. It looks at every moment there is: each event, each batch, each
// snapshot.
func TestLedgerAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var tapped Ledger
		var e *Engine
		events := rapid.SampledFrom([]int64{0, HoldNone}).Draw(t, "events")
		e, ctx := cramped(t, Options{Memory: 1, Events: events, Frame: time.Microsecond, Tap: func(ev *Event) {
			tapped.count(resultIn(ev))
			for _, s := range e.attached.stations {
				balanced(t, s.Key, s.ledger)
			}
		}})
		b, other := newMemoryBus("one", "two"), newMemoryBus("three")
		attach(ctx, t, e, b)
		attach(ctx, t, e, other)
		e.Look(View{Events: EventsView{Above: 10, Filter: NewFilter(func(e *Event) bool { return e.Rejected != "" })}, Entities: EntitiesView{Rows: 10}})
		var want Ledger
		for range rapid.IntRange(1, 20).Draw(t, "batches") {
			batch := batchOf()
			size := rapid.SampledFrom([]int{1, 100, 5000}).Draw(t, "size")
			for i := range rapid.IntRange(0, 50).Draw(t, "messages") {
				text, result := drawOutcome(t)
				m := message(i, text+" pad="+strings.Repeat("x", size))
				if result == window.Undecodable {
					m = message(i, text)
				}
				batch.Add(&m)
				want.count(result)
			}
			batch.Dropped = rapid.Uint64Range(0, 3).Draw(t, "dropped")
			want.Dropped += batch.Dropped
			if n := rapid.Uint64Range(0, 3).Draw(t, "missed"); n > 0 {
				batch.Gaps = append(batch.Gaps, bus.Gap{Missed: n, Why: "trimmed"})
				want.Missed += n
				want.GapCount++
			}
			at := rapid.SampledFrom([]string{"one", "two", "three"}).Draw(t, "station")
			from := b
			if at == "three" {
				from = other
			}
			from.send(ctx, t, e, at, batch)
			balanced(t, "snapshot", e.Snapshot().Ledger)
			for _, s := range e.Snapshot().Stations {
				balanced(t, "snapshot of "+s.Key, s.Ledger)
			}
		}
		sum, each, err := e.Ledger(ctx)
		if err != nil {
			t.Fatal(err)
		}
		balanced(t, "all", sum)
		for station, l := range each {
			balanced(t, station, l)
		}
		if events == HoldNone && sum.Held > 0 {
			t.Fatalf("%d events are held of none", sum.Held)
		}
		want.Received += want.Dropped
		want.Held, want.Evicted, want.Gaps = sum.Held, sum.Evicted, sum.Gaps
		if !reflect.DeepEqual(sum, want) {
			t.Fatalf("the ledger is %+v, want %+v", sum, want)
		}
		if tapped.Received != sum.Received-sum.Dropped || tapped.Undecodable != sum.Undecodable || tapped.Rejected != sum.Rejected || tapped.Failed != sum.Failed {
			t.Fatalf("the events say %+v, the ledger %+v", tapped, sum)
		}
	})
}

// An engine that holds no event makes the same of each.
func TestEventsThatAreNotHeldAreUnderstoodAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var messages []bus.Message
		for i := range rapid.IntRange(1, 200).Draw(t, "messages") {
			text, _ := drawOutcome(t)
			messages = append(messages, message(i, fmt.Sprint(text, " n=", i)))
		}
		var lines [2][]string
		for i, events := range []int64{0, HoldNone} {
			e, ctx := cramped(t, Options{Events: events, Tap: func(ev *Event) { lines[i] = append(lines[i], string(ev.AppendJSON(nil))) }})
			b := newMemoryBus("one")
			attach(ctx, t, e, b)
			for part := range slices.Chunk(messages, 20) {
				b.send(ctx, t, e, "one", batchOf(part...))
			}
		}
		if diff := cmp.Diff(lines[0], lines[1]); diff != "" || len(lines[0]) != len(messages) {
			t.Fatalf("%d of %d events, held (-) and not (+):\n%s", len(lines[0]), len(messages), diff)
		}
	})
}

// drawOutcome draws a message for the plain domain, and what becomes of it.
func drawOutcome(t *rapid.T) (text string, result window.Result) {
	entity := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "entity")
	switch rapid.SampledFrom([]string{"SET", "REFUSE", "FAIL", "PANIC", "DIE", "NONE", "?", "_", "-"}).Draw(t, "what") {
	case "REFUSE":
		return "thing REFUSE " + entity, window.Rejected
	case "FAIL":
		return "thing FAIL " + entity, window.Failed
	case "PANIC":
		return "thing PANIC " + entity, window.Failed
	case "DIE":
		return "thing DIE " + entity, window.Undecodable
	case "NONE":
		return "thing NONE " + entity, window.NotFolded
	case "?":
		return "?", window.Undecodable
	case "_":
		return "thing SET _", window.Failed
	case "-":
		return "thing SET - .unheard", window.NotFolded
	}
	return "thing SET " + entity + " n=1", window.Folded
}

// resultIn is what became of an event, as the event itself says it.
func resultIn(e *Event) window.Result {
	switch {
	case e.Undecodable:
		return window.Undecodable
	case e.Rejected != "":
		return window.Rejected
	case e.Failed != "" || e.Problem != "":
		return window.Failed
	}
	return window.NotFolded
}

func balanced(t tester, what string, l Ledger) {
	if l.Received != l.Held+l.Evicted+l.Dropped {
		t.Errorf("%s: received %d, held %d + evicted %d + dropped %d", what, l.Received, l.Held, l.Evicted, l.Dropped)
	}
	if l.Received != l.Decoded+l.Undecodable+l.Dropped || l.Decoded != l.Folded+l.Rejected+l.Failed+l.Unfolded {
		t.Errorf("%s: %+v does not add up", what, l)
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

// waitingFeed has messages that Next does not hand over yet.
type waitingFeed struct {
	bus.Feed
	unread uint64
}

func (f waitingFeed) Unread() uint64 { return f.unread }

// waitingBus has feeds of that kind.
type waitingBus struct {
	*memoryBus
	unread uint64
}

func (b waitingBus) Open(ctx context.Context, s bus.Station, from bus.From) (bus.Feed, error) {
	f, err := b.memoryBus.Open(ctx, s, from)
	return waitingFeed{f, b.unread}, err
}

// What has come and waits is in the account of its station, in the sum and in what the deck shows.
func TestLedgerCountsWhatWaits(t *testing.T) {
	e, ctx := running(t, Options{Domains: newPlainDomain()})
	one, two := waitingBus{newMemoryBus("one"), 5}, waitingBus{newMemoryBus("two"), 7}
	attach(ctx, t, e, one)
	attach(ctx, t, e, two)
	one.texts(ctx, t, e, "one", "thing SET a n=1")
	sum, each, err := e.Ledger(ctx)
	if err != nil || sum.Unread != 12 || sum.Received != 1 {
		t.Errorf("%+v, %v", sum, err)
	}
	waits := map[uint64]bool{}
	for _, l := range each {
		waits[l.Unread] = true
	}
	if len(each) != 2 || !waits[5] || !waits[7] {
		t.Errorf("%+v", each)
	}
	s := looks(ctx, t, e, View{}, func(s *Snapshot) bool { return s.Ledger.Received == 1 })
	if s.Ledger.Unread != 12 {
		t.Errorf("the snapshot has %+v", s.Ledger)
	}
}
