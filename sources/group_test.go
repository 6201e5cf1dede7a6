package sources

import (
	"testing"
	"time"

	"signalbox/bus"
)

func replayable(name string, messages uint64) bus.Station {
	return bus.Station{Name: name, Kind: bus.Stream, Replayable: true, Readable: true, Messages: messages}
}

// versions of the entity a after all that was sent, as "first second third" by its field.
func order3(t *testing.T, e *Engine, want ...string) {
	t.Helper()
	d, err := e.Await(t.Context(), Entity{Kind: "thing", ID: "a"}, func(d *EntityDetail) bool { return d.Version == uint64(len(want)) })
	if err != nil {
		t.Fatal(err)
	}
	for i, step := range d.History {
		if got := step.Changes[0].Is.String(); got != want[i] {
			t.Errorf("step %d is %s, want %s", i, got, want[i])
		}
	}
}

func TestBackfillIsMergedInOrderOfTime(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus()
	one, two := b.add(replayable("one", 3)), b.add(replayable("two", 3))
	attach(ctx, t, e, b)
	one.batches <- batchOf(message(1, "thing SET a n=1"), message(4, "thing SET a n=4"))
	two.batches <- batchOf(message(2, "thing SET a n=2"), message(3, "thing SET a n=3"))
	last := batchOf(message(6, "thing SET a n=6"))
	last.CaughtUp = true
	one.batches <- last
	last = batchOf(message(5, "thing SET a n=5"))
	last.CaughtUp = true
	two.batches <- last
	if err := e.CaughtUp(ctx); err != nil {
		t.Fatal(err)
	}
	order3(t, e, "1", "2", "3", "4", "5", "6")

	// Once both have caught up, what comes first is first.
	b.send(ctx, t, e, "two", batchOf(message(9, "thing SET a n=9")))
	b.send(ctx, t, e, "one", batchOf(message(8, "thing SET a n=8")))
	order3(t, e, "1", "2", "3", "4", "5", "6", "9", "8")
}

func TestSilentFeedDoesNotHoldTheOthers(t *testing.T) {
	e := NewEngine(Options{Domains: newPlainDomain(), Poll: time.Hour})
	e.feeds.stallLimit = time.Millisecond
	ctx := start(t, e)
	b := newMemoryBus()
	one := b.add(replayable("one", 2))
	b.add(replayable("silent", 2))
	attach(ctx, t, e, b)
	batch := batchOf(message(1, "thing SET a n=1"), message(2, "thing SET a n=2"))
	batch.CaughtUp = true
	one.batches <- batch
	order3(t, e, "1", "2")
	b.send(ctx, t, e, "silent", batchOf(message(3, "thing SET a n=3")))
	order3(t, e, "1", "2", "3")
}

// What cannot be read again is not kept waiting: its feed would have to drop.
func TestLiveStationIsNotMerged(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus("live")
	b.add(replayable("one", 2))
	b.add(replayable("two", 2))
	attach(ctx, t, e, b)
	b.send(ctx, t, e, "live", batchOf(message(9, "thing SET a n=9")))
	order3(t, e, "9")
}
