package sources

import (
	"context"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A breakpoint is hit by just the events that make something true of their entity, which folding anew tells, and not while it
// is off: what held before it was set, or turned on, is no hit.
func TestBreakpointsAreHitByWhatMakesThemTrue(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := model{}
		for range rapid.IntRange(1, 40).Draw(rt, "events") {
			m.texts = append(m.texts, drawText(rt, false))
		}
		isTwo := NewFilter(func(e *Event) bool {
			s := e.Past.States(e)
			slot, ok := e.Kind.Find("budget")
			return s != nil && ok && slot < len(s.After) && s.After[slot].String() == "2"
		})
		on, off := &BreakList{All: []Breakpoint{{Number: 1, Kind: "thing", When: isTwo}}}, &BreakList{All: []Breakpoint{{Number: 1, Kind: "thing", When: isTwo, Off: true}}}
		e, ctx := running(rt, Options{})
		b := newMemoryBus("s")
		attach(ctx, rt, e, b)
		from := rapid.IntRange(0, len(m.texts)).Draw(rt, "off from")
		to := rapid.IntRange(from, len(m.texts)).Draw(rt, "to")
		show := func(list *BreakList) *Snapshot {
			return looks(ctx, rt, e, View{Breaks: list}, func(s *Snapshot) bool { return s.View.Breaks == list })
		}
		for _, part := range []struct {
			list  *BreakList
			texts []string
		}{{on, m.texts[:from]}, {off, m.texts[from:to]}, {on, m.texts[to:]}} {
			show(part.list)
			if len(part.texts) > 0 {
				b.texts(ctx, rt, e, "s", part.texts...)
			}
		}
		var want []uint64
		held := map[string]bool{}
		for i, text := range m.texts {
			id := strings.Fields(text)[2]
			holds := m.fold(id, 0, uint64(i+1)).fields["budget"] == "2"
			if holds && !held[id] && (i < from || i >= to) {
				want = append(want, uint64(i+1))
			}
			held[id] = holds
		}
		row := show(on).Breaks[0]
		var hits []uint64
		for _, hit := range row.Events {
			hits = append(hits, hit.Number)
			if want := strings.Fields(m.texts[hit.Number-1])[2]; hit.Entity.ID != want {
				rt.Fatalf("the hit %d is of %v, want %s", hit.Number, hit.Entity, want)
			}
		}
		if row.Hits != uint64(len(want)) || !slices.Equal(hits, want[max(0, len(want)-MaxBreakHits):]) {
			rt.Fatalf("%d hits, the newest %v; want %v of %q, off from %d to %d", row.Hits, row.Events, want, m.texts, from, to)
		}
	})
}

// What is set when the event that made it true has left the window is not hit by a refusal, which changes nothing.
func TestABreakpointIsNotHitByWhatChangesNothing(t *testing.T) {
	for name, evicted := range map[string]bool{"held": false, "evicted": true} {
		t.Run(name, func(t *testing.T) {
			e, ctx := running(t, Options{})
			b := newMemoryBus("s")
			attach(ctx, t, e, b)
			b.texts(ctx, t, e, "s", "thing SET a budget=2")
			if evicted {
				if err := e.requests.do(ctx, func() { e.store.Window.Clear() }); err != nil {
					t.Fatal(err)
				}
			}
			isTwo := NewFilter(func(e *Event) bool {
				s, slot := e.Past.States(e), e.Kind.Slot("budget")
				return slot < len(s.After) && s.After[slot].String() == "2"
			})
			list := &BreakList{All: []Breakpoint{{Number: 1, Kind: "thing", When: isTwo}}}
			show := func(last uint64) *Snapshot {
				return looks(ctx, t, e, View{Breaks: list, Events: EventsView{Above: 9}}, func(s *Snapshot) bool { return s.View.Breaks == list && s.Last == last })
			}
			show(1)
			b.texts(ctx, t, e, "s", "thing REFUSE a", "thing SET a budget=2")
			if row := show(3).Breaks[0]; row.Hits != 0 {
				t.Errorf("hit by %+v", row.Events)
			}
			b.texts(ctx, t, e, "s", "thing SET a budget=3", "thing SET a budget=2")
			if s := show(5); s.Breaks[0].Hits != 1 || s.Breaks[0].Events[0].Number != 5 {
				t.Errorf("hit by %+v, want event 5", s.Breaks[0].Events)
			} else if !slices.Equal(s.Hits, []uint64{5}) {
				t.Errorf("the rows %v are marked, want that of event 5", s.Hits)
			}
		})
	}
}

// askedTwice are two breakpoints of the same, of which the second says what it asks for; and how often each was asked.
func askedTwice() (list *BreakList, asked *[2]int) {
	list, asked = &BreakList{}, &[2]int{}
	for i := range asked {
		isTwo := NewFilter(func(e *Event) bool {
			asked[i]++
			s := e.Past.States(e)
			slot, ok := e.Kind.Find("budget")
			return s != nil && ok && s.Is(slot).String() == "2"
		})
		if i == 1 {
			isTwo.AskFields([]string{"budget"})
		}
		list.All = append(list.All, Breakpoint{Number: i + 1, Kind: "thing", When: isTwo})
	}
	return list, asked
}

// dropStates lets the states of all entities go, as happens where there is no memory for them.
func dropStates(ctx context.Context, t tester, e *Engine) {
	if err := e.requests.do(ctx, func() {
		for slot := e.store.Entities.Newest(); slot != 0; slot = e.store.Entities.Older(slot - 1) {
			e.store.Entities.DropState(slot - 1)
		}
	}); err != nil {
		t.Fatalf("%v", err)
	}
}

// Where a state was given up a breakpoint is asked although no field that it asks for is another.
func TestABreakpointIsAskedWhereAStateWasGivenUp(t *testing.T) {
	list, asked := askedTwice()
	e, ctx := running(t, Options{})
	b := newMemoryBus("s")
	attach(ctx, t, e, b)
	looks(ctx, t, e, View{Breaks: list}, func(s *Snapshot) bool { return s.View.Breaks == list })
	b.texts(ctx, t, e, "s", "thing SET a budget=2", "thing SET a notes=x")
	dropStates(ctx, t, e)
	b.texts(ctx, t, e, "s", "thing SET a notes=y", "thing SET a budget=2")
	rows := looks(ctx, t, e, View{Breaks: list}, func(s *Snapshot) bool { return s.Last == 4 }).Breaks
	if rows[0].Hits != 2 || rows[1].Hits != 2 {
		t.Errorf("%d hits, and %d where it says what it asks for; want 2", rows[0].Hits, rows[1].Hits)
	}
	if *asked != [2]int{4, 3} {
		t.Errorf("asked %d times, want 4 and 3", *asked)
	}
}

// A breakpoint that asks for fields of the state alone is hit by the same events whether it is asked about each, or only about
// those that may have made it another.
func TestBreakpointsAreAskedWhereAFieldIsAnother(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		texts := make([]string, rapid.IntRange(1, 60).Draw(rt, "events"))
		for i := range texts {
			texts[i] = drawText(rt, true)
		}
		list, asked := askedTwice()
		e, ctx := running(rt, Options{})
		b := newMemoryBus("s")
		attach(ctx, rt, e, b)
		from, gone := rapid.IntRange(0, len(texts)).Draw(rt, "set from"), rapid.IntRange(0, len(texts)).Draw(rt, "gone from")
		send := func(from, to int) {
			if from < to {
				b.texts(ctx, rt, e, "s", texts[from:to]...)
			}
		}
		show := func(list *BreakList) *Snapshot {
			return looks(ctx, rt, e, View{Breaks: list}, func(s *Snapshot) bool { return s.View.Breaks == list })
		}
		send(0, from)
		show(list)
		send(from, max(from, gone))
		dropStates(ctx, rt, e)
		send(max(from, gone), len(texts))
		rows := show(list).Breaks
		if rows[0].Hits != rows[1].Hits || !slices.Equal(rows[0].Events, rows[1].Events) {
			rt.Fatalf("asked always, it is hit by %v; asked where a field is another, by %v; of %q, set from %d, states gone from %d",
				rows[0].Events, rows[1].Events, texts, from, gone)
		}
		if asked[1] > asked[0] {
			rt.Fatalf("asked %d times, and %d times where a field is another", asked[0], asked[1])
		}
	})
}
