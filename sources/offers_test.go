package sources

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"signalbox/bus"
)

// findingBus is a memoryBus that finds groups of keys.
type findingBus struct {
	*memoryBus
	found []bus.Found
	err   error // of listing what nobody named
}

func (b *findingBus) Find(context.Context) ([]bus.Found, bool, error) { return b.found, true, nil }

// Stations lists keys only where they are named.
func (b *findingBus) Stations(ctx context.Context, names ...string) ([]bus.Station, error) {
	if len(names) == 0 {
		return nil, b.err
	}
	return b.memoryBus.Stations(ctx, names...)
}

// knowing recognises what begins as events of things do.
type knowing struct{ Domains }

func (knowing) Recognise(e *Event) (domain, kind string, ok bool) {
	return "things", "thing", strings.HasPrefix(string(e.Data), "thing ")
}

func TestWhatLooksLikeEventsIsOfferedAndReadOnRequest(t *testing.T) {
	e, ctx := running(t, Options{Domains: knowing{newPlainDomain()}, Poll: time.Millisecond})
	b := &findingBus{memoryBus: newMemoryBus(), found: []bus.Found{
		{Station: "keys:cache:*", Keys: 1000, Values: "hashes", Samples: []bus.Message{{Subject: "cache:1", Data: []byte("{}")}}},
		{Station: "keys:event:*", Keys: 15, Values: "hashes", Samples: []bus.Message{{Subject: "event:1", Data: []byte("thing SET a n=1")}}},
	}}
	b.add(bus.Station{Name: "keys:event:*", Kind: bus.Keys, Readable: true, Replayable: true, Traits: bus.Traits{Separators: ":", Gathers: true, Keyed: true}})
	if err := e.Attach(ctx, b, Selection{From: bus.From{Start: bus.FromAll}}); err != nil {
		t.Fatal(err)
	}
	s := looks(ctx, t, e, View{}, func(s *Snapshot) bool { return len(s.Stations) == 1 })
	r := &s.Stations[0]
	if r.Key != "keys:event:*" || r.Reading || r.Offer == nil || r.Offer.Text() != "15 hashes that look like events of thing" {
		t.Fatalf("listed %+v, offer %+v", r, r.Offer)
	}
	if got := s.Buses[0].Recognised; len(got) != 1 || got[0] != "things" {
		t.Errorf("recognised %v", got)
	}
	if n := s.Notices; len(n) != 1 || !strings.Contains(n[0].Text, "look like events of thing") {
		t.Errorf("notices %+v", n)
	}
	if err := e.Take(ctx, "keys:event:*"); err != nil {
		t.Fatal(err)
	}
	if err := e.Take(ctx, "keys:event:*"); err == nil {
		t.Error("it is read twice")
	}
	b.texts(ctx, t, e, "keys:event:*", "thing SET a n=1")
	s = looks(ctx, t, e, View{}, func(s *Snapshot) bool { return s.Ledger.Held == 1 })
	if r := &s.Stations[0]; len(s.Stations) != 1 || !r.Reading || r.Offer != nil || r.From != "all" || len(s.Buses) != 1 {
		t.Errorf("read as %+v of %d stations, %d buses", r, len(s.Stations), len(s.Buses))
	}
	if got := s.Buses[0].Recognised; len(got) != 1 || got[0] != "things" {
		t.Errorf("recognised %v while it is read", got)
	}
}

func TestNothingIsOfferedWhereStationsAreNamed(t *testing.T) {
	e, ctx := running(t, Options{Domains: knowing{newPlainDomain()}})
	b := &findingBus{memoryBus: newMemoryBus("good"), found: []bus.Found{{Station: "keys:event:*", Keys: 1, Samples: []bus.Message{{Data: []byte("thing SET a n=1")}}}}}
	if err := e.Attach(ctx, b, Selection{Names: []string{"good"}}); err != nil {
		t.Fatal(err)
	}
	b.texts(ctx, t, e, "good", "thing SET a n=1")
	s := looks(ctx, t, e, View{}, func(s *Snapshot) bool { return s.Ledger.Held == 1 })
	if len(s.Stations) != 1 {
		t.Errorf("%d stations", len(s.Stations))
	}
}

// The domain of keys is recognised where they were named, too.
func TestKeysThatWereNamedAreRecognised(t *testing.T) {
	e, ctx := running(t, Options{Domains: knowing{newPlainDomain()}})
	b := &findingBus{memoryBus: newMemoryBus(), found: []bus.Found{
		{Station: "keys:event:*", Keys: 1, Samples: []bus.Message{{Data: []byte("thing SET a n=1")}}},
		{Station: "keys:other:*", Keys: 1, Samples: []bus.Message{{Data: []byte("thing SET a n=1")}}},
	}}
	b.add(bus.Station{Name: "keys:event:*", Kind: bus.Keys, Readable: true, Replayable: true, Traits: bus.Traits{Separators: ":", Gathers: true, Keyed: true}})
	if err := e.Attach(ctx, b, Selection{Names: []string{"keys:event:*"}}); err != nil {
		t.Fatal(err)
	}
	s := looks(ctx, t, e, View{}, func(s *Snapshot) bool { return len(s.Buses) == 1 && len(s.Buses[0].Recognised) > 0 })
	if len(s.Stations) != 1 || len(s.Notices) != 0 {
		t.Errorf("%d stations, notices %+v", len(s.Stations), s.Notices)
	}
}

func TestAListThatIsNotAllYetIsNoFailure(t *testing.T) {
	e, ctx := running(t, Options{})
	b := &findingBus{memoryBus: newMemoryBus(), err: fmt.Errorf("10 %% were looked at: %w", bus.ErrUnfinished)}
	if err := e.Attach(ctx, b, Selection{}); err != nil {
		t.Fatal(err)
	}
	looks(ctx, t, e, View{}, func(s *Snapshot) bool {
		return len(s.Notices) == 1 && strings.Contains(s.Notices[0].Text, "10 % were looked at")
	})
	refusing := &findingBus{memoryBus: newMemoryBus(), err: errors.New("refused")}
	if err := e.Attach(ctx, refusing, Selection{}); err == nil {
		t.Error("it attaches where nothing may be listed")
	}
}
