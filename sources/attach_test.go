package sources

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"signalbox/bus"
)

func TestRefusedStationDoesNotStopTheOthers(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus("good", "bad")
	b.refuse["bad"] = errors.New("no permission for bad")
	attach(ctx, t, e, b)
	b.texts(ctx, t, e, "good", "thing SET a n=1")
	s := looks(ctx, t, e, View{}, func(s *Snapshot) bool { return s.Ledger.Held == 1 })
	rows := map[string]StationRow{}
	for _, r := range s.Stations {
		rows[r.Key] = r
	}
	if r := rows["bad"]; r.Reading || !strings.Contains(r.Refused, "no permission") {
		t.Errorf("bad: %+v", r)
	}
	if r := rows["good"]; !r.Reading || r.Refused != "" || r.Ledger.Received != 1 {
		t.Errorf("good: %+v", r)
	}
	if n := s.Notices; len(n) != 1 || n[0].Station != "bad" || !strings.Contains(n[0].Text, "no permission") {
		t.Errorf("notices: %+v", n)
	}
}

func TestNamedStationsThatAreAllRefusedAreAnError(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus("good", "bad")
	refusal := errors.New("no permission for bad")
	b.refuse["bad"] = refusal
	if err := e.Attach(ctx, b, Selection{Names: []string{"bad"}}); !errors.Is(err, refusal) {
		t.Errorf("Attach: %v", err)
	}
}

func TestStationThatAppearsIsOpenedFromItsBeginning(t *testing.T) {
	e, ctx := running(t, Options{Poll: time.Millisecond})
	b := newMemoryBus("old")
	if err := e.Attach(ctx, b, Selection{}); err != nil {
		t.Fatal(err)
	}
	b.add(replayable("new", 0))
	looks(ctx, t, e, View{}, func(s *Snapshot) bool { return len(s.Stations) == 2 && s.Stations[1].Reading })
	b.mu.Lock()
	from := b.opened["new"]
	b.mu.Unlock()
	if from.Start != bus.FromAll {
		t.Errorf("opened from %v, want all", from)
	}
}

func TestStationThatWasDeletedAndMadeAgainIsReadAgain(t *testing.T) {
	e, ctx := running(t, Options{Poll: time.Millisecond})
	b := newMemoryBus()
	b.add(replayable("s", 0))
	attach(ctx, t, e, b)
	end := batchOf(message(1, "thing SET a n=1"))
	end.Ended = true
	b.feeds["s"].send(ctx, end)
	s := looks(ctx, t, e, View{}, func(s *Snapshot) bool { return !s.Stations[0].Reading })
	b.mu.Lock()
	b.stations = nil
	asked := b.asked
	b.mu.Unlock()
	looks(ctx, t, e, View{}, func(*Snapshot) bool { // it has been seen to be gone
		b.mu.Lock()
		defer b.mu.Unlock()
		return b.asked > asked+1
	})
	b.add(replayable("s", 0))
	looks(ctx, t, e, View{}, func(s *Snapshot) bool { return s.Stations[0].Reading })
	b.send(ctx, t, e, "s", batchOf(message(2, "thing SET a n=2")))
	if d := detailOf(t, e); d.Version != 2 || len(s.Stations) != 1 {
		t.Errorf("version %d", d.Version)
	}
}

func TestRefusedStationIsTriedAgain(t *testing.T) {
	e, ctx := running(t, Options{Poll: time.Millisecond})
	b := newMemoryBus("bad")
	b.refuse["bad"] = errors.New("not now")
	attach(ctx, t, e, b)
	b.mu.Lock()
	b.refuse = nil
	b.mu.Unlock()
	looks(ctx, t, e, View{}, func(s *Snapshot) bool { return s.Stations[0].Reading && s.Stations[0].Refused == "" })
}

func TestStationsOfTwoBusesAreToldApart(t *testing.T) {
	e, ctx := running(t, Options{})
	one, two := newMemoryBus("same"), newMemoryBus("same")
	two.name = "other"
	attach(ctx, t, e, one)
	attach(ctx, t, e, two)
	two.texts(ctx, t, e, "same", "thing SET a n=1")
	_, each, err := e.Ledger(ctx)
	if err != nil || each["same"].Held != 0 || each["other/same"].Held != 1 {
		t.Errorf("ledgers %+v, %v", each, err)
	}
}

func TestMidwayEntityIsPartialUntilItBeginsAnew(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus()
	b.add(replayable("s", 10))
	if err := e.Attach(ctx, b, Selection{From: bus.From{Start: bus.FromLast, Last: 2}}); err != nil {
		t.Fatal(err)
	}
	b.texts(ctx, t, e, "s", "thing SET a n=1", "thing SET b n=1", "thing CLEAR b n=2")
	for id, partial := range map[string]bool{"a": true, "b": false} {
		if d, err := e.Entity(ctx, Entity{Kind: "thing", ID: id}, 0); err != nil || d.Partial != partial {
			t.Errorf("%s: %+v, %v", id, d, err)
		}
	}
	s := looks(ctx, t, e, View{}, func(s *Snapshot) bool { return s.Entities.Total == 2 })
	if s.Entities.Partial != 1 {
		t.Errorf("%d are partial, want 1", s.Entities.Partial)
	}
}

func TestStoppedEngineSaysSo(t *testing.T) {
	e := NewEngine(Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := e.Run(ctx); err != nil {
		t.Fatal(err)
	}
	b := newMemoryBus("s")
	if err := e.Attach(t.Context(), b, Selection{}); !errors.Is(err, ErrStopped) {
		t.Errorf("Attach: %v", err)
	}
	if _, err := e.Await(t.Context(), Entity{Kind: "thing", ID: "a"}, nil); !errors.Is(err, ErrStopped) {
		t.Errorf("Await: %v", err)
	}
	if e.Snapshot() == nil {
		t.Error("no snapshot")
	}
}

func TestFeedThatBreaksSaysWhy(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus("s")
	attach(ctx, t, e, b)
	b.feeds["s"].fail(errors.New("cut off"))
	s := looks(ctx, t, e, View{}, func(s *Snapshot) bool { return s.Stations[0].Refused != "" })
	if r := s.Stations[0]; r.Reading || r.Refused != "cut off" {
		t.Errorf("%+v", r)
	}
}

func TestBusAttachedAgainIsListedOnce(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus("one", "two")
	for _, name := range []string{"one", "two"} {
		if err := e.Attach(ctx, b, Selection{Names: []string{name}}); err != nil {
			t.Fatalf("Attach %s: %v", name, err)
		}
	}
	s := looks(ctx, t, e, View{}, func(s *Snapshot) bool { return len(s.Stations) == 2 })
	if len(s.Buses) != 1 {
		t.Errorf("buses: %+v, want one", s.Buses)
	}
}

// A name that was taken for a subject is read as a stream, from its beginning, once there is one of that name.
func TestAPresumedStationTurnsIntoAStream(t *testing.T) {
	e, ctx := running(t, Options{Poll: time.Millisecond})
	b := newMemoryBus()
	subject := b.add(bus.Station{Name: "audit", Kind: bus.Subject, Readable: true, Presumed: true})
	if err := e.Attach(ctx, b, Selection{Names: []string{"audit"}}); err != nil {
		t.Fatal(err)
	}
	b.mu.Lock()
	b.stations = nil
	b.mu.Unlock()
	b.add(bus.Station{Name: "audit", Kind: bus.Stream, Readable: true, Replayable: true, Messages: 1})
	select {
	case <-subject.closed:
	case <-ctx.Done():
		t.Fatal("the subject is still listened to")
	}
	looks(ctx, t, e, View{}, func(s *Snapshot) bool { return s.Stations[0].From == "all" && s.Stations[0].Reading })
	b.send(ctx, t, e, "audit", batchOf(message(1, "thing SET a n=1")))
	s := looks(ctx, t, e, View{}, func(s *Snapshot) bool { return s.Ledger.Received == 1 })
	if len(s.Stations) != 1 || s.Stations[0].Station.Kind != bus.Stream {
		t.Errorf("stations %+v", s.Stations)
	}
}
