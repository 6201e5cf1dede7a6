package deck

import "testing"

func TestCopiesAreShownOnDemand(t *testing.T) {
	f := demo()
	for _, e := range f.events[10:30] {
		e.Copy = true
	}
	s := drive(t, f, 160, 40)
	s.key("2")
	s.shows("following ─ 20 copies folded away: O ─ 78")
	s.key("O")
	s.shows("following ─ 98")
	s.hides("folded away: O")
	s.key("O")
	s.shows("20 copies folded away: O")
	s.key("[", "[")
	s.shows("at an earlier time ─ copies folded away: O") // how many were held then is not known
	s.hides("20 copies")
}
