package sources

import (
	"context"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"signalbox/bus"
)

// keptBus has stations that keep their messages and deliver them to whoever opens them; one that is held up delivers
// the first batch and waits.
type keptBus struct {
	*memoryBus
	kept   map[string][]bus.Message
	heldUp map[string]bool
}

// keeping makes one with a station for each name, which keeps those texts, a second apart.
func keeping(stations map[string][]string) *keptBus {
	b := &keptBus{memoryBus: newMemoryBus(), kept: map[string][]bus.Message{}, heldUp: map[string]bool{}}
	for _, name := range slices.Sorted(maps.Keys(stations)) {
		for i, text := range stations[name] {
			b.kept[name] = append(b.kept[name], message(i+1, text))
		}
		b.add(replayable(name, uint64(len(stations[name]))))
	}
	return b
}

func (b *keptBus) Open(_ context.Context, s bus.Station, from bus.From) (bus.Feed, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.opened[s.Name] = from
	kept := b.kept[s.Name]
	switch from.Start {
	case bus.FromNew:
		kept = nil
	case bus.FromLast:
		kept = kept[max(0, len(kept)-int(from.Last)):]
	}
	return &keptFeed{left: kept, heldUp: b.heldUp[s.Name], closed: make(chan struct{})}, nil
}

// keptFeed delivers message by message.
type keptFeed struct {
	left     []bus.Message
	heldUp   bool
	started  bool
	caughtUp bool
	closed   chan struct{}
}

func (f *keptFeed) Next(ctx context.Context) (*bus.Batch, error) {
	switch {
	case f.heldUp && f.started, f.caughtUp:
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-f.closed:
			return nil, io.EOF
		}
	case len(f.left) == 0:
		f.caughtUp = true
		b := batchOf()
		b.CaughtUp = true
		return b, nil
	}
	f.started = true
	b := batchOf(f.left[0])
	f.left = f.left[1:]
	return b, nil
}

func (f *keptFeed) Close() error {
	select {
	case <-f.closed:
	default:
		close(f.closed)
	}
	return nil
}

func TestReadingAnewFoldsEachEventOnce(t *testing.T) {
	e, ctx := running(t, Options{})
	b := keeping(map[string][]string{
		"one": {"thing SET a n=1", "thing SET a n=2", "thing SET a n=3"},
		"two": {"thing SET a m=1", "thing REFUSE a m=2", "thing SET a m=3"},
	})
	attach(ctx, t, e, b)
	if err := e.CaughtUp(ctx); err != nil {
		t.Fatal(err)
	}
	if d := detailOf(t, e); d.Version != 5 || d.Partial {
		t.Fatalf("%+v", d)
	}
	last := e.Last()
	if err := e.Reopen(ctx, "one", bus.From{Start: bus.FromLast, Last: 1}); err != nil {
		t.Fatal(err)
	}
	if err := e.CaughtUp(ctx); err != nil {
		t.Fatal(err)
	}
	d := detailOf(t, e)
	if d.Version != 3 || d.Rejected != 1 || flat(d)["n"] != "3" || flat(d)["m"] != "3" {
		t.Errorf("read from the last of one: %+v", d)
	}
	s := looks(ctx, t, e, View{}, func(s *Snapshot) bool { return s.Ledger.Held == 4 })
	if l := s.Ledger; l.Received != 4 || l.Evicted != 0 || l.Rejected != 1 || s.Entities.Rejected != 1 || e.Last() != last+4 {
		t.Errorf("ledger %+v, %d refused, newest %d", l, s.Entities.Rejected, e.Last())
	}
	if got := s.Stations[0].From; got != "last:1" {
		t.Errorf("one is read from %s", got)
	}
	if err := e.Reopen(ctx, "one", bus.From{Start: bus.FromAll}); err != nil {
		t.Fatal(err)
	}
	if err := e.CaughtUp(ctx); err != nil {
		t.Fatal(err)
	}
	if d := detailOf(t, e); d.Version != 5 || d.Partial || len(d.History) != 6 {
		t.Errorf("read from the beginning again: %+v", d)
	}
}

func TestCancelledBackfillIsAGap(t *testing.T) {
	e, ctx := running(t, Options{})
	b := keeping(map[string][]string{"s": {"thing SET a n=1", "thing SET a n=2", "thing SET a n=3"}})
	b.heldUp["s"] = true
	attach(ctx, t, e, b)
	s := looks(ctx, t, e, View{}, func(s *Snapshot) bool { return s.Ledger.Held == 1 })
	if r := s.Stations[0]; r.Backfill < 0.3 || r.Backfill > 0.4 || r.Seen != 1 || r.Expected != 3 {
		t.Errorf("a third is read: %+v", r)
	}
	b.heldUp["s"] = false
	if err := e.Reopen(ctx, "s", bus.From{}); err != nil {
		t.Fatal(err)
	}
	s = looks(ctx, t, e, View{}, func(s *Snapshot) bool { return s.Ledger.GapCount == 1 })
	r := s.Stations[0]
	if !r.Reading || r.Backfill != 1 || r.From != "new" || r.Ledger.Held != 1 || r.Ledger.Missed != 2 {
		t.Errorf("%+v", r)
	}
	if g := r.Ledger.Gaps[0]; g.Why != "cancelled by you" || g.Missed != 2 || !g.Unknown || g.Until.Before(g.Since) {
		t.Errorf("%+v", g)
	}
}

func TestReopenSaysWhyNot(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus("live")
	b.add(bus.Station{Name: "listed", Kind: bus.ObjectStore})
	attach(ctx, t, e, b)
	for key, want := range map[string]string{"live": "keeps nothing", "listed": "only listed", "none": "no such station"} {
		err := e.Reopen(ctx, key, bus.From{Start: bus.FromAll})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "reading "+key+" from all") {
			t.Errorf("%s: %v", key, err)
		}
	}
	if e.Snapshot().Ledger.GapCount != 0 {
		t.Error("a gap was counted")
	}
}
