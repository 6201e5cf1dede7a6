package sources

import (
	"strings"
	"testing"

	"signalbox/bus"
)

// What was held of a bus stays when it is detached, and one of its name goes on with its stations: what keeps nothing, with a gap.
func TestDetachKeepsWhatWasHeld(t *testing.T) {
	e, ctx := running(t, Options{})
	first, other := newMemoryBus("news"), newMemoryBus("elsewhere")
	first.consumers, other.name = []bus.Consumer{{Name: "reader", Station: "news"}}, "other"
	attach(ctx, t, e, first)
	attach(ctx, t, e, other)
	first.texts(ctx, t, e, "news", "thing SET a n=1")
	other.texts(ctx, t, e, "elsewhere", "thing SET b n=1")
	looks(ctx, t, e, View{}, func(s *Snapshot) bool { return s.Ledger.Held == 2 && len(s.Consumers) == 1 })

	if err := e.Detach(ctx, first); err != nil {
		t.Fatal(err)
	}
	<-first.feeds["news"].closed
	s := looks(ctx, t, e, View{}, func(s *Snapshot) bool { return len(s.Buses) == 1 })
	if len(s.Consumers) != 0 || s.Ledger.Held != 2 || s.Buses[0].Name != "other" {
		t.Errorf("%d consumers, %d events held, attached to %s", len(s.Consumers), s.Ledger.Held, s.Buses[0].Name)
	}
	for _, r := range s.Stations {
		if left := r.Bus == "memory"; r.Detached.IsZero() == left || r.Reading == left || r.Ledger.Held != 1 {
			t.Errorf("station %+v", r)
		}
	}
	other.texts(ctx, t, e, "elsewhere", "thing SET b n=2")
	looks(ctx, t, e, View{}, func(s *Snapshot) bool { return s.Ledger.Held == 3 })
	if err := e.Detach(ctx, first, "news"); err == nil || !strings.Contains(err.Error(), "news is not attached") {
		t.Errorf("detaching once more: %v", err)
	}

	again := newMemoryBus("news")
	attach(ctx, t, e, again)
	again.texts(ctx, t, e, "news", "thing SET a n=2")
	s = looks(ctx, t, e, View{}, func(s *Snapshot) bool { return s.Ledger.Held == 4 })
	r := s.Stations[0]
	if len(s.Stations) != 2 || r.Key != "news" || !r.Reading || !r.Detached.IsZero() || r.Ledger.Received != 2 {
		t.Errorf("%d stations, the first %+v", len(s.Stations), r)
	}
	if g := r.Ledger.Gaps; len(g) != 1 || g[0].Why != "detached" || !g[0].Unknown {
		t.Errorf("gaps %+v, want the time while it was detached", g)
	}
}

// A station that keeps messages goes on after the last that was read of it, also when it is the only one of its bus that was left.
func TestAttachedAgainGoesOnWhereItEnded(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus()
	kept, other := replayable("kept", 2), replayable("other", 0)
	b.add(kept)
	b.add(other)
	if err := e.Attach(ctx, b, Selection{Names: []string{"kept", "other"}, From: bus.From{Start: bus.FromAll}}); err != nil {
		t.Fatal(err)
	}
	caughtUp := batchOf(message(1, "thing SET a n=1"), message(2, "thing SET a n=2"))
	caughtUp.CaughtUp = true
	nothing := batchOf()
	nothing.CaughtUp = true
	b.send(ctx, t, e, "kept", caughtUp)
	b.send(ctx, t, e, "other", nothing)
	looks(ctx, t, e, View{}, func(s *Snapshot) bool { return s.Ledger.Held == 2 })
	if err := e.Detach(ctx, b, "kept"); err != nil {
		t.Fatal(err)
	}
	s := looks(ctx, t, e, View{}, func(s *Snapshot) bool { return !s.Stations[0].Reading })
	if len(s.Buses) != 1 || !s.Stations[1].Reading {
		t.Errorf("attached to %d buses, stations %+v", len(s.Buses), s.Stations)
	}

	b.mu.Lock()
	b.stations[0].First, b.stations[0].Last = bus.Position{Major: 1}, bus.Position{Major: 5}
	b.feeds["kept"] = &memoryFeed{batches: make(chan *bus.Batch), closed: make(chan struct{}), broken: make(chan error)}
	b.mu.Unlock()
	if err := e.Attach(ctx, b, Selection{Names: []string{"kept"}, From: bus.From{Start: bus.FromAll}}); err != nil {
		t.Fatal(err)
	}
	if from := b.opened["kept"]; from.Start != bus.FromAt || from.Position.Major != 3 {
		t.Errorf("read again from %v, want from 3 on", from)
	}
	rest := batchOf(message(3, "thing SET a n=3"))
	rest.CaughtUp = true
	b.send(ctx, t, e, "kept", rest)
	s = looks(ctx, t, e, View{}, func(s *Snapshot) bool { return s.Ledger.Held == 3 })
	if r := s.Stations[0]; !r.Reading || r.Ledger.GapCount != 0 {
		t.Errorf("the station %+v, want no gap", r)
	}
	if row, err := e.Entity(ctx, Entity{Kind: "thing", ID: "a"}, 0); err != nil || row.Version != 3 || row.Partial {
		t.Errorf("the entity: %+v, %v, want it whole at version 3", row, err)
	}
}
