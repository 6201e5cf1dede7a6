package sources

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Bisecting finds what a search event by event finds, of one entity and of all.
func TestBisectIsALinearSearch(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := model{}
		for range rapid.IntRange(1, 40).Draw(rt, "events") {
			m.texts = append(m.texts, drawText(rt, false))
		}
		changes := rapid.Bool().Draw(rt, "of what is changed")
		alone := !changes && rapid.Bool().Draw(rt, "of fields alone")
		unread := rapid.Bool().Draw(rt, "of states only")
		filter := func() *EventFilter {
			f := NewFilter(func(e *Event) bool {
				s := e.Past.States(e)
				slot, ok := e.Kind.Find("budget")
				if s == nil || !ok {
					return false
				}
				return slot < len(s.After) && s.After[slot].String() == "2" && (!changes || s.Changed(slot))
			}).AskStates()
			if alone {
				f.AskFields([]string{"budget"})
			}
			if unread {
				f.AskStatesOnly()
			}
			return f
		}
		e, ctx := running(rt, Options{})
		b := newMemoryBus("s")
		attach(ctx, rt, e, b)
		b.texts(ctx, rt, e, "s", m.texts...)
		want := map[string]uint64{}
		for i, text := range m.texts {
			id, number := strings.Fields(text)[2], uint64(i+1)
			before := ""
			if s := m.fold(id, 0, number-1); number > 1 && s != nil {
				before = s.fields["budget"]
			}
			if m.fold(id, 0, number).fields["budget"] == "2" && (!changes || before != "2") && want[id] == 0 {
				want[id] = number
			}
		}
		ask := func(of Entity) map[string]uint64 {
			last := 0.0
			found, err := e.Bisect(ctx, of, filter(), func(part float64) { last = part })
			if err != nil || last != 1 {
				rt.Fatal(last, err)
			}
			got := map[string]uint64{}
			for _, moment := range found.Found {
				got[moment.Event.ID] = moment.Event.Number
			}
			return got
		}
		if got := ask(Entity{Kind: "thing"}); !maps.Equal(got, want) {
			rt.Fatalf("of all: %v, want %v of %q", got, want, m.texts)
		}
		for _, id := range []string{"a", "b", "c"} {
			one := map[string]uint64{}
			if want[id] != 0 {
				one[id] = want[id]
			}
			if got := ask(Entity{Kind: "thing", ID: id}); fmt.Sprint(got) != fmt.Sprint(one) {
				rt.Fatalf("%s: %v, want %v", id, got, one)
			}
		}
	})
}
