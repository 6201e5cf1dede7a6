package sources

import (
	"testing"

	"signalbox/bus"
)

// A station that was made here and is taken away is listed no more, also while it is still there, and what is there of its name later
// is new: nothing was missed.
func TestTakenAwayIsNotMissed(t *testing.T) {
	e, ctx := running(t, Options{Poll: 1})
	b := newMemoryBus("news", "kept")
	attach(ctx, t, e, b)
	b.texts(ctx, t, e, "news", "thing SET a n=1")
	b.texts(ctx, t, e, "kept", "thing SET b n=1")
	looks(ctx, t, e, View{}, func(s *Snapshot) bool { return s.Ledger.Held == 2 })
	first := b.feeds["news"]
	gone, err := e.TakeAway(ctx, b, "news", "nothing")
	if err != nil {
		t.Fatal(err)
	}
	<-first.closed
	s := looks(ctx, t, e, View{}, func(s *Snapshot) bool { return len(s.Stations) == 1 })
	if s.Stations[0].Key != "kept" || s.Ledger.Held != 2 || s.Ledger.Received != 2 {
		t.Errorf("%+v, ledger %+v", s.Stations, s.Ledger)
	}
	b.mu.Lock()
	b.feeds["news"] = &memoryFeed{batches: make(chan *bus.Batch), closed: make(chan struct{}), broken: make(chan error)}
	b.mu.Unlock()
	gone()
	looks(ctx, t, e, View{}, func(s *Snapshot) bool { return len(s.Stations) == 2 && s.Stations[0].Reading })
	b.texts(ctx, t, e, "news", "thing SET a n=2")
	s = looks(ctx, t, e, View{}, func(s *Snapshot) bool { return s.Ledger.Held == 3 })
	if r := s.Stations[0]; r.Key != "news" || r.Ledger.GapCount != 0 || r.Ledger.Received != 2 {
		t.Errorf("made again: %+v", r)
	}
}
