package deck

import (
	"strings"
	"testing"
)

// eventsShown is what the events pane shows, with its title.
func (s *driver) eventsShown() string {
	var shown []string
	in := false
	for line := range strings.Lines(s.screen()) {
		switch {
		case strings.Contains(line, "2 Events"):
			in = true
		case strings.Contains(line, "4 Entities"), strings.HasPrefix(line, "╰"):
			in = false
		}
		if in {
			shown = append(shown, line)
		}
	}
	return strings.Join(shown, "")
}

// Whoever goes somewhere and comes back is where they were: the filter, the chosen event, the line that it stood on.
func TestGoingBackLeadsToWhereOneWas(t *testing.T) {
	for name, way := range map[string]func(s *driver){
		"a journey":                func(s *driver) { s.key("c", "up", "esc") },
		"a journey of an open one": func(s *driver) { s.key("enter", "c", "esc") },
		"two journeys":             func(s *driver) { s.key("c", "up", "c", "esc") },
		"an open event":            func(s *driver) { s.key("enter", "j", "esc") },
		"its entity":               func(s *driver) { s.key("e", "down", "esc") },
		"its entity, zoomed":       func(s *driver) { s.key("e", "z", "esc", "esc") },
		"the zoom":                 func(s *driver) { s.key("z", "esc") },
		"another pane and back":    func(s *driver) { s.key("4", "down", "enter", "esc", "esc", "2") },
		"a filter that is left":    func(s *driver) { s.key("/").write(" DELIVER").key("esc") },
		"only one station":         func(s *driver) { s.key("1", "down", "o", "o", "2") },
		"a frozen view":            func(s *driver) { s.key("space", "up", "space") },
		"an earlier time":          func(s *driver) { s.key("[", "[", "esc") },
	} {
		t.Run(name, func(t *testing.T) {
			s := drive(t, demo(), 120, 36)
			s.key("/").write("-type:BallotCast").key("enter")
			for range 20 {
				s.key("up")
			}
			for range 3 {
				s.key("down")
			}
			was := s.eventsShown()
			if !strings.Contains(was, "/-type:BallotCast") || !strings.Contains(was, "scrolled · 17 newer") {
				t.Fatalf("before:\n%s", was)
			}
			way(s)
			if now := s.eventsShown(); now != was || s.focused() != "Events" {
				t.Errorf("%s has the focus, and events were\n%sand are\n%s", s.focused(), was, now)
			}
			s.key("esc")
			s.shows("following ─ 98")
			s.hides("-type:")
		})
	}
}

// Whoever follows follows again.
func TestGoingBackToFollowing(t *testing.T) {
	for name, keys := range map[string][]string{
		"a journey": {"c", "up", "esc"}, "its entity": {"e", "esc"}, "a frozen view": {"space", "space"}, "an earlier time": {"[", "[", "esc"},
		"another pane": {"4", "down", "enter", "esc", "esc", "2"},
	} {
		s := drive(t, demo(), 120, 36)
		was := s.eventsShown()
		if s.key(keys...); s.eventsShown() != was {
			t.Errorf("%s: events were\n%sand are\n%s", name, was, s.eventsShown())
		}
	}
}

// A subject that enter led from is gone back to, and the events are as they were.
func TestGoingBackToTheSubject(t *testing.T) {
	s := drive(t, listening(), 120, 36)
	s.key("up", "up")
	was := s.eventsShown()
	s.key("1", "right", "down", "down", "down", "enter")
	s.shows(" /subject:deliveries.* ")
	s.key("esc")
	if now := s.eventsShown(); strings.Contains(now, "/subject") || !strings.Contains(now, "scrolled · 2 newer") || s.focused() != "Stations" {
		t.Errorf("%s has the focus, and events were\n%sand are\n%s", s.focused(), was, now)
	}
}
