package sources

import (
	"slices"
	"testing"
)

// What tells of the copies of applications is left out of the events, counted, and shown when it is asked for.
func TestCopiesAreFoldedAway(t *testing.T) {
	e, ctx := running(t, Options{})
	b := newMemoryBus()
	b.add(replayable("s", 0))
	b.add(replayable("state", 0))
	attach(ctx, t, e, b)
	b.texts(ctx, t, e, "s", "thing SET a n=1")
	want := func(v EventsView, copies uint64, types ...string) {
		t.Helper()
		v.Above = 10
		var got []string
		s := looks(ctx, t, e, View{Events: v}, func(s *Snapshot) bool { return len(s.Events.Rows) == len(types) && s.Events.Copies == copies })
		for _, r := range s.Events.Rows {
			got = append(got, r.Type)
		}
		if !slices.Equal(got, types) || s.Events.Matching != uint64(len(types)) {
			t.Errorf("%+v: %v, %d match, want %v", v, got, s.Events.Matching, types)
		}
	}
	want(EventsView{}, 0, "SET")
	b.texts(ctx, t, e, "state", "thing COPY a n=1", "thing COPY b n=1")
	b.send(ctx, t, e, "s", batchOf(message(2, "thing ADD a n=2")))
	want(EventsView{}, 2, "SET", "ADD")
	want(EventsView{Copies: true}, 0, "SET", "COPY", "COPY", "ADD")
	want(EventsView{Station: "state"}, 0, "COPY", "COPY")
	want(EventsView{Filter: NewFilter(func(e *Event) bool { return e.ID == "a" })}, 2, "SET", "ADD")
	want(EventsView{}, 2, "SET", "ADD")
	if d := detailOf(t, e); len(d.History) != 2 {
		t.Errorf("the history is %+v", d.History)
	}
}
