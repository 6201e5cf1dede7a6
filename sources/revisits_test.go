package sources

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"signalbox/bus"
	"signalbox/sources/internal/revisit"
)

// recordedBus is a bus whose stations deliver the same whenever they are read.
type recordedBus struct {
	name     string
	stations []bus.Station
	messages map[string][]bus.Message
	gaps     map[string]map[int]bus.Gap // before the message at an index
	batch    int                        // messages in a batch

	mu     sync.Mutex
	reread int // how often a station was read again
}

func (b *recordedBus) Info() bus.Info             { return bus.Info{Name: b.name, Link: bus.Recorded} }
func (b *recordedBus) Notices() <-chan bus.Notice { return nil }
func (b *recordedBus) Close() error               { return nil }
func (b *recordedBus) Stations(context.Context, ...string) ([]bus.Station, error) {
	return b.stations, nil
}

func (b *recordedBus) Open(_ context.Context, s bus.Station, _ bus.From) (bus.Feed, error) {
	return &recordedFeed{bus: b, station: s.Name}, nil
}

func (b *recordedBus) Reread(_ context.Context, s bus.Station, _ bus.From, after uint64) (bus.Feed, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reread++
	return &recordedFeed{bus: b, station: s.Name, next: int(after)}, nil
}

type recordedFeed struct {
	bus     *recordedBus
	station string
	next    int
	ended   bool
}

func (f *recordedFeed) Close() error { return nil }

func (f *recordedFeed) Next(_ context.Context) (*bus.Batch, error) {
	if f.ended {
		return nil, io.EOF
	}
	all := f.bus.messages[f.station]
	b := bus.NewBatch(0)
	if gap, ok := f.bus.gaps[f.station][f.next]; ok {
		b.Gaps = append(b.Gaps, gap)
	}
	for n := 0; f.next < len(all) && n < f.bus.batch; n++ {
		if _, gap := f.bus.gaps[f.station][f.next]; gap && n > 0 {
			return b, nil
		}
		b.Add(&all[f.next])
		f.next++
	}
	if f.next == len(all) {
		b.CaughtUp, b.Ended, f.ended = true, true, true
	}
	return b, nil
}

// recorded draws a bus with events of several stations, and gaps.
func recorded(t *rapid.T, name string, events int) *recordedBus {
	b := &recordedBus{name: name, messages: map[string][]bus.Message{}, gaps: map[string]map[int]bus.Gap{}, batch: rapid.IntRange(1, 20).Draw(t, "batch")}
	names := []string{name + "-a", name + "-b", name + "-c"}[:rapid.IntRange(1, 3).Draw(t, "stations")]
	for _, of := range names {
		b.gaps[of] = map[int]bus.Gap{}
		late := rapid.IntRange(0, 3).Draw(t, "late") == 0
		b.stations = append(b.stations, bus.Station{Name: of, Readable: true, Replayable: true, Removed: late, Traits: bus.Traits{Separators: "."}})
	}
	for i := range events {
		of := rapid.SampledFrom(names).Draw(t, "station")
		if n := len(b.messages[of]); rapid.IntRange(0, 60).Draw(t, "gap") == 0 {
			b.gaps[of][n] = bus.Gap{Since: time.Unix(int64(i), 0), Until: time.Unix(int64(i), 0), Missed: 1, Why: "deleted"}
		}
		text := drawText(t, true)
		if rapid.IntRange(0, 4).Draw(t, "named") == 0 {
			text += " .name" + rapid.SampledFrom([]string{"1", "2"}).Draw(t, "name")
		}
		b.messages[of] = append(b.messages[of], message(i, text))
	}
	for i := range b.stations {
		b.stations[i].Messages = uint64(len(b.messages[b.stations[i].Name]))
	}
	return b
}

// upTo is a bus with its messages before a time alone.
func (b *recordedBus) upTo(at int64) *recordedBus {
	part := &recordedBus{name: b.name, batch: b.batch, gaps: map[string]map[int]bus.Gap{}, messages: map[string][]bus.Message{}}
	for _, s := range b.stations {
		all := b.messages[s.Name]
		n := 0
		for n < len(all) && all[n].UnixNano <= at {
			n++
		}
		part.messages[s.Name], part.gaps[s.Name] = all[:n], map[int]bus.Gap{}
		for i, g := range b.gaps[s.Name] {
			if i < n {
				part.gaps[s.Name][i] = g
			}
		}
		part.stations = append(part.stations, s)
	}
	return part
}

// shownText is what a snapshot shows of a moment, but for what depends on how much is held.
func shownText(s *Snapshot) string {
	text := entitiesText(s)
	for _, e := range s.Events.Rows {
		text += fmt.Sprintf("%d %s %s %s v%d %t %t %q\n", e.Number, e.Station, e.Subject, e.Data, e.Version, e.Partial, e.Unjudged, e.Rejected)
	}
	for _, l := range counted(s) {
		text += fmt.Sprintf("received %d folded %d rejected %d failed %d unfolded %d undecodable %d\n", l.Received, l.Folded, l.Rejected, l.Failed, l.Unfolded, l.Undecodable)
	}
	if e := s.Entity; e != nil && e.Shown > 0 { // else it had not come
		text += fmt.Sprintf("%s v%d", e.Entity, e.Shown)
		for _, f := range e.State { // which event set it may be held no more
			text += fmt.Sprintf(" %v", f.Field)
		}
	}
	return text
}

// However little is held, every moment of a recording is shown as by an engine that has read exactly up to there and holds all.
func TestAnyMomentOfARecordingIsAsItWas(t *testing.T) {
	gone := 0
	t.Cleanup(func() {
		if gone == 0 {
			t.Error("nothing was read again")
		}
	})
	rapid.Check(t, func(rt *rapid.T) {
		events := rapid.IntRange(50, 400).Draw(rt, "events")
		b := recorded(rt, "x", events)
		e, ctx := runningKept(rt, b, rapid.Int64Range(4<<10, 64<<10).Draw(rt, "held"))
		view := EntitiesView{Rows: 20, Sort: "id"}
		for range 4 {
			at := rapid.IntRange(1, events).Draw(rt, "at")
			fresh, freshly := running(rt, Options{Domains: newPlainDomain()})
			part := b.upTo(message(at-1, "").UnixNano)
			attach(freshly, rt, fresh, part)
			of := Entity{Kind: "thing", ID: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(rt, "entity")}
			rows := EventsView{Above: 3}
			want := looks(freshly, rt, fresh, View{Entities: view, Entity: of, Events: rows}, func(s *Snapshot) bool {
				return s.Last == uint64(at) && s.Entities.Searched == s.Entities.Total && whole(s, of)
			})
			got := looks(ctx, rt, e, View{At: uint64(at), Entities: view, Entity: of, Events: rows}, func(s *Snapshot) bool {
				return s.Then != nil && s.Going == nil && s.Entities.Searched == s.Entities.Total && len(s.Entities.Rows) >= min(len(want.Entities.Rows), s.Entities.Matching) && whole(s, of)
			})
			if got, want := shownText(got), shownText(want); got != want {
				rt.Fatalf("at %d of %d:\n%s\nwant\n%s", at, events, got, want)
			}
		}
		b.mu.Lock()
		gone += b.reread
		b.mu.Unlock()
	})
}

// whole tells whether the state of an entity is shown, if it is known.
func whole(s *Snapshot, of Entity) bool {
	i := slices.IndexFunc(s.Entities.Rows, func(r EntityRow) bool { return r.Entity == of })
	return i < 0 || s.Entity != nil && s.Entity.Entity == of && s.Entity.Shown == s.Entities.Rows[i].Version
}

// runningKept starts an engine that has read a recording, and holds little.
func runningKept(t tester, b *recordedBus, held int64) (*Engine, context.Context) {
	e := NewEngine(Options{Domains: newPlainDomain(), Poll: time.Hour})
	e.store.Window.Limit, e.store.Window.Page = func() int64 { return held }, 1<<10
	e.revisits.room = 150<<10 + held
	e.revisits.steps = revisit.Steps{Apart: 20, Lead: 10, Margin: 10}
	ctx := start(t, e)
	attach(ctx, t, e, b)
	if err := e.CaughtUp(ctx); err != nil {
		t.Fatalf("%v", err)
	}
	return e, ctx
}
