package deck

import (
	"fmt"
	"slices"
	"testing"
)

func TestFreezeHoldsTheViewAndGoesOnCounting(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	s.key("space")
	for i := range 312 {
		s.fake.add("election", "BallotCast", "ballot", fmt.Sprint("c-", i), `{}`, "")
	}
	s.fake.base.Stations = slices.Clone(s.fake.base.Stations)
	s.fake.base.Stations[0].Rate = 999
	s.send(snapshotMsg{})
	s.shows("frozen · 312 newer", "frozen ─ 98", "312/s")
	s.hides("c-311", "999/s")
	s.key("up", "up", "enter")
	s.shows("event 96")
	s.key("esc", "space")
	s.shows("following ─ 410", "c-311", "999/s")
	s.hides("frozen")
}

func TestTimeCursorTakesEveryPaneAlong(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	s.key("[")
	if s.fake.view.At != 97 {
		t.Errorf("the source is asked for %d, want 97", s.fake.view.At)
	}
	s.shows("at 14:03:22.783 · esc is now", "at an earlier time ─ 97")
	for _, list := range []string{"D", "!", "B"} { // nobody keeps how they were
		s.key(list)
		s.shows("of now, not of the past")
		s.key("esc")
	}
	s.key("[", "]", "]")
	s.hides("esc is now")
	s.key("{")
	if s.fake.view.At != 1 {
		t.Errorf("a hundred events before the 98th is %d, want 1", s.fake.view.At)
	}
	s.key("esc")
	s.shows("following ─ 98")
	s.key("/").write("type:BallotCast").key("enter", "[", "[")
	if e := s.fake.events[s.fake.view.At-1]; e.Type != "BallotCast" {
		t.Errorf("with a filter the cursor stands on %s %d, which is not shown", e.Type, e.Number)
	}
}

func TestStateStepsThroughVersions(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	s.key("5")
	s.shows("delivery 01HX00Q · v4", "budget    30  was 50", "●v4")
	s.key("[")
	if got := s.fake.view.Version; got != 3 {
		t.Errorf("the source is asked for version %d, want 3", got)
	}
	s.key("[", "[", "[", "[")
	if got := s.fake.view.Version; got != 1 {
		t.Errorf("the source is asked for version %d, want 1", got)
	}
	s.key("]", "]", "]")
	if got := s.fake.view.Version; got != 0 {
		t.Errorf("the newest version is asked for as %d, want 0", got)
	}
	if s.fake.view.At != 0 {
		t.Error("the time cursor moved as well")
	}
	s.key("down", "down", "down", "down", "enter")
	s.shows("event 4 ")
	s.key("esc", "end", "enter")
	s.shows("event 1 ")
}

// A version stands apart from the time beside it, however many versions there are.
func TestVersionsOfManyDigitsStandApart(t *testing.T) {
	f := handled(demo())
	e := f.details[f.entities[0].Entity]
	e.Shown, e.Newest = 12345, 12345
	for i := range e.History {
		e.History[i].Version += 12341
	}
	s := drive(t, f, 120, 36)
	s.key("5")
	s.shows("●v12345 14:03:26", "v12344  14:03:25")
	s.key("4", "w")
	s.shows("●v12345 14:03:26", "v12344  14:03:25")
}
