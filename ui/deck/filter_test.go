package deck

import "testing"

func TestFilterNarrowsRecallsAndClears(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	s.key("/").write("type:BallotCast")
	s.shows("filter events", "8 of 98")
	s.key("enter")
	s.shows(" /type:BallotCast ", "following ─ 8 of 98")
	s.hides("filter events")
	s.key("esc")
	s.shows("following ─ 98")
	s.key("/", "up")
	s.shows("type:BallotCast", "8 of 98")
	s.key("esc")
	s.shows("following ─ 98")
	s.key("/").write("((")
	s.shows("✗")
	s.key("enter")
	s.shows("filter events")
	s.key("esc")
	s.key("4", "/").write("status:ready")
	s.shows("filter entities", "10 of 40")
	s.key("enter")
	s.shows("4 Entities  /status:", "10 of 40 ╮")
	s.key("/", "ctrl+u", "enter")
	s.shows("Entities · 40 deliveries")
}

// A field that nothing has is told once the filter is kept, with the nearest that there is.
func TestFilterTellsFieldsThatNothingHas(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	s.key("2", "/").write("data.budgte > 3").key("enter")
	s.shows("no event has data.budgte")
	s.key("esc", "4", "/").write("state.budgte > 3").key("enter")
	s.shows("no entity has state.budgte")
	s.key("esc", "/").write("status:ready").key("enter")
	s.hides("no entity has")
}

func TestFilterCompletesAWord(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	s.key("/").write("-type:PICK")
	s.key("ctrl+u").write("type:PICK").key("tab")
	s.shows("type:PICKUP_PRODUCTS", "40 of 98")
}

// The names that filters have are shown where one is typed; tab goes through what the last word can become.
func TestFilterOffersItsNames(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {120, 36}} {
		s := drive(t, demo(), size[0], size[1])
		s.key("2", "/")
		s.shows("type:  station:  entity:  status:  subject:  bus:  age ")
		s.write("AG").key("tab").write(" > 0 && -type:b").key("tab")
		s.shows("age > 0 && -type:BallotCast")
		s.key("ctrl+u").write("sta").key("tab")
		s.shows("/ station: ", "station:  status:")
		s.key("tab")
		s.shows("/ status: ")
		s.write("c")
		s.shows("status:collected  status:completed")
		s.key("tab", "tab")
		s.shows("/ status:completed ")
		s.key("ctrl+u").write("typ:BallotCast")
		s.shows("typ: narrows nothing; did you mean type:?")
		s.key("ctrl+u").write("agee > 3")
		s.shows("unknown name agee; did you mean age?")
		s.key("esc", "4", "/")
		s.shows("kind:  id:  status:  entity:  age  id  idle ")
		s.write("idl").key("tab").write(" > 0")
		s.shows("idle > 0")
	}
}

// While somebody types, letters are letters: q does not quit.
func TestTypingIsNotCommanding(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	s.key("/").write("q?m12 z")
	s.shows("q?m12 z")
	if len(s.sent) != 0 {
		t.Errorf("typing sent %T", s.sent[0])
	}
	s.send(keyPress("ctrl+c"))
	s.quits()
}
