package sources

import (
	"context"
	"testing"
	"time"

	"signalbox/bus"
	"signalbox/sources/state"
)

// lackOf is why events of the thing may be missing.
func lackOf(t *testing.T, e *Engine, id string) Lack {
	t.Helper()
	d, err := e.Entity(t.Context(), Entity{Kind: "thing", ID: id}, 0)
	if err != nil || d == nil {
		t.Fatalf("%s: %v, %v", id, d, err)
	}
	if d.Partial != (d.Lack != Whole) {
		t.Errorf("%s: partial %v, but %v", id, d.Partial, d.Lack)
	}
	return d.Lack
}

func wantLack(t *testing.T, e *Engine, id string, want Lack) {
	t.Helper()
	if got := lackOf(t, e, id); got != want {
		t.Errorf("%s: %q, want %q", id, got, want)
	}
}

// Nobody knows what came on a subject before somebody listened, but of what was begun since.
func TestWhatIsHeardMayHaveBegunBefore(t *testing.T) {
	e, ctx := running(t, Options{Now: func() time.Time { return time.UnixMilli(1_700_000_000_000) }})
	b := newMemoryBus("heard")
	attach(ctx, t, e, b)
	const before, after = "01HF7YAT00AAAAAAAAAAAAAAAA", "01HF7YAT01AAAAAAAAAAAAAAAA" // made in the millisecond of attaching, and in one after it
	b.send(ctx, t, e, "heard", batchOf(message(1_700_000_001, "thing SET old n=1"), message(1_700_000_002, "thing CLEAR new n=1"),
		message(1_700_000_002, "thing SET "+after+" n=1"), message(1_700_000_002, "thing SET 01HF7YAA00AAAAAAAAAAAAAAAA n=1"),
		message(1_700_000_002, "thing SET "+before+" n=1")))
	wantLack(t, e, "old", Began)
	wantLack(t, e, "new", Whole)
	wantLack(t, e, after, Whole)
	wantLack(t, e, before, Whole)
	wantLack(t, e, "01HF7YAA00AAAAAAAAAAAAAAAA", Began)
}

// A hole in a stream makes those partial that began before it, and no others.
func TestHolesMakePartial(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus()
	b.add(replayable("s", 9))
	attach(ctx, t, e, b)
	b.send(ctx, t, e, "s", batchOf(message(1, "thing SET a n=1"), message(2, "thing SET b n=1")))
	b.send(ctx, t, e, "s", batchOf(message(4, "thing SET a n=2"), message(5, "thing SET c n=1")))
	wantLack(t, e, "a", Missed)
	wantLack(t, e, "b", Whole) // no event of it has come since
	wantLack(t, e, "c", Began)
	gap := batchOf(message(6, "thing CLEAR d n=1"), message(7, "thing SET d n=1"))
	b.send(ctx, t, e, "s", gap)
	wantLack(t, e, "d", Whole)
	gap = batchOf(message(8, "thing SET d n=1"))
	gap.Gaps = []bus.Gap{{Since: time.Unix(7, 0), Until: time.Unix(8, 0), Unknown: true, Why: "the connection was lost"}}
	b.send(ctx, t, e, "s", gap)
	wantLack(t, e, "d", Missed)
}

// What was removed from a stream before it was read belongs to somebody.
func TestTheBeginningOfAStreamIsGone(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus()
	s := replayable("s", 1)
	s.Removed = true
	b.add(s)
	attach(ctx, t, e, b)
	b.send(ctx, t, e, "s", batchOf(message(3, "thing SET a n=1"), message(4, "thing CLEAR b n=1"), message(5, "thing SET b n=2")))
	wantLack(t, e, "a", Began)
	wantLack(t, e, "b", Whole)
}

// homed is a domain that says where its things have events.
type homed struct {
	*plainDomain
	stations []string
}

func (h homed) Homes(station string) []*state.Kind {
	for _, s := range h.stations {
		if s == station {
			return []*state.Kind{h.kind("thing")}
		}
	}
	return nil
}

func (h homed) EachHome(yield func(*state.Kind, []string)) { yield(h.kind("thing"), h.stations) }

// An entity whose events come at two stations is whole where both were read from its beginning.
func TestEntitiesOfTwoStations(t *testing.T) {
	e, ctx := running(t, Options{Domains: homed{newPlainDomain(), []string{"kept", "heard"}}, Now: func() time.Time { return time.Unix(100, 0) }})
	b := newMemoryBus("heard")
	b.add(replayable("kept", 2))
	attach(ctx, t, e, b)
	b.send(ctx, t, e, "kept", batchOf(message(50, "thing CLEAR a n=1"), message(51, "thing SET a n=2"), message(101, "thing CLEAR b n=1")))
	wantLack(t, e, "a", Missed) // it began while nobody listened to the other station
	wantLack(t, e, "b", Whole)
}

func TestEntitiesOfAStationThatIsNotRead(t *testing.T) {
	for _, names := range [][]string{{"placed"}, {"placed", "shipped"}, nil} {
		e, ctx := running(t, Options{Domains: homed{newPlainDomain(), []string{"placed", "shipped"}}})
		b := newMemoryBus()
		b.add(replayable("placed", 0))
		b.add(replayable("shipped", 0))
		if err := e.Attach(ctx, b, Selection{Names: names, From: bus.From{Start: bus.FromAll}}); err != nil {
			t.Fatal(err)
		}
		b.send(ctx, t, e, "placed", batchOf(message(1, "thing SET a n=1"), message(2, "thing CLEAR b n=1")))
		want := Whole
		if len(names) == 1 {
			want = Began
		}
		wantLack(t, e, "a", want)
		wantLack(t, e, "b", Whole)
	}
}

// An entity that begins while a station of its domain is detached may have begun there.
func TestEntitiesOfAStationThatIsDetached(t *testing.T) {
	e, ctx := running(t, Options{Domains: homed{newPlainDomain(), []string{"placed", "shipped"}}})
	b, other := newMemoryBus(), newMemoryBus()
	other.name = "other"
	b.add(replayable("placed", 0))
	other.add(replayable("shipped", 0))
	attach(ctx, t, e, b)
	attach(ctx, t, e, other)
	b.send(ctx, t, e, "placed", batchOf(message(1, "thing SET a n=1")))
	wantLack(t, e, "a", Whole)
	if err := e.Detach(ctx, other); err != nil {
		t.Fatal(err)
	}
	b.send(ctx, t, e, "placed", batchOf(message(2, "thing SET b n=1"), message(3, "thing CLEAR c n=1")))
	wantLack(t, e, "b", Began)
	wantLack(t, e, "c", Whole)
}

// What is previewed of an entity that nobody has seen is as unsure.
func TestPreviewOfWhatBeganBefore(t *testing.T) {
	e, ctx := running(t, Options{Domains: judging{newPlainDomain()}})
	b := newMemoryBus("heard")
	attach(ctx, t, e, b)
	p, err := e.Preview(ctx, &Event{Received: Received{Bus: "memory", Station: "heard", Data: []byte("thing SET a n=1")}})
	if err != nil || !p.Unjudged {
		t.Errorf("%+v, %v", p, err)
	}
	p, err = e.Preview(ctx, &Event{Received: Received{Bus: "memory", Station: "elsewhere", Data: []byte("thing SET a n=1")}})
	if err != nil || p.Unjudged {
		t.Errorf("of a station that is not known: %+v, %v", p, err)
	}
}

// judging is a domain that cannot judge what it does not know.
type judging struct{ *plainDomain }

func (j judging) Understand(e *Event) {
	if j.plainDomain.Understand(e); e.Fold != nil {
		e.Fold = judgingFold{}
	}
}

type judgingFold struct{}

func (judgingFold) Apply(e *Event, s *state.State) (string, error) {
	s.Unjudged = s.Partial
	return plainFold{}.Apply(e, s)
}

// An event that was not judged is told so, as it comes and as it is held, and by its entity's history.
func TestUnjudgedIsKept(t *testing.T) {
	var tapped []bool
	e, ctx := running(t, Options{Domains: judging{newPlainDomain()}, Now: func() time.Time { return time.Unix(1, 0) }, Tap: func(e *Event) { tapped = append(tapped, e.Unjudged) }})
	b := newMemoryBus("heard")
	attach(ctx, t, e, b)
	b.texts(ctx, t, e, "heard", "thing SET a n=1", "thing CLEAR b n=1", "thing SET b n=2")
	events := eventsOf(ctx, t, e, 3)
	for i, want := range []bool{true, true, false} {
		if tapped[i] != want || events[i].Unjudged != want {
			t.Errorf("event %d: %v as it came, %v held, want %v", i, tapped[i], events[i].Unjudged, want)
		}
	}
	if d := detailOf(t, e); !d.History[0].Unjudged {
		t.Errorf("history: %+v", d.History)
	}
}

// eventsOf are the rows of the newest events.
func eventsOf(ctx context.Context, t *testing.T, e *Engine, n int) []*Event {
	t.Helper()
	s := looks(ctx, t, e, View{Events: EventsView{Above: 10}}, func(s *Snapshot) bool { return len(s.Events.Rows) == n })
	return s.Events.Rows
}
