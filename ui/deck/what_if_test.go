package deck

import "testing"

// Events are left out, repeated, moved, edited and added; the state that they lead to stands beside the real one.
func TestWhatIf(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	s.key("5", "W")
	s.shows("what if · delivery", "nothing is sent", "the states are the same everywhere", "TYPE_3")
	s.key("x")
	s.shows("they part after TYPE_1, at v1", "≠", " 1 2 ", "out")
	s.key("x")
	s.shows("the states are the same everywhere")
	s.key("up", "r")
	s.shows("again", " 1 2 2again 3")
	s.key("x")
	s.shows("the states are the same everywhere")
	s.key("up", "up", "up", ">", ">")
	s.shows(" 2 3 1")
	s.key("<", "u")
	s.shows("the states are the same everywhere")
	s.key("enter")
	s.shows("imagine this event otherwise", `"purchase_price": 10`)
	s.key("ctrl+s")
	s.shows("the states are the same everywhere")
	s.key("a")
	s.shows("imagine another event, after it")
	s.write("x").key("ctrl+s")
	s.shows("added", "0x{")
	s.key("esc")
	s.hides("nothing is sent")
}

// Two states are marked one after the other, or named, and stand side by side.
func TestCompare(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	other := *s.fake.details[s.fake.entities[0].Entity]
	other.EntityRow = s.fake.entities[1]
	other.State = append(other.State[:1:1], other.State[2:]...)
	s.fake.details[other.Entity] = &other
	s.key("4", "=")
	s.shows("marked delivery 01HX00Q v4")
	s.key("=")
	s.shows("no longer marked")
	s.key("=", "down", "=")
	s.shows("comparison", "delivery 01HX00Q v4", "delivery 01HX01Q", "differ", "≠")
	s.key("esc", ":").write("compare delivery/01HX00Q@1 @2").key("enter")
	s.shows("delivery 01HX00Q v1", "delivery 01HX00Q v2", "1 field of 4 differ", "≠ budget", "100", "200")
	s.key("tab")
	s.shows("200")
	s.key("esc", ":").write("compare nonsense").key("enter")
	s.shows("nonsense names no state")
	s.key("esc", "esc", ":").write("compare delivery where status:active | version < 2").key("enter")
	s.golden("filters_compared_120x36")
	s.shows("comparison of delivery", "only left 10", "only right 9", "in both 0", "≠", "01HX01Q v2 active", "01HX04Q v1 collected", "version < 2")
	s.key("enter").hides("only left")
	if of := s.model.Selection.Entity.ID; of != "01HX01Q" {
		t.Errorf("%s was chosen", of)
	}
	s.key(":").write("compare delivery where status:active").key("enter")
	s.shows("want a kind and two filters")
}
