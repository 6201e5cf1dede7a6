package deck

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"signalbox/ui/deck/component"
	"signalbox/ui/screen"
)

// The usual keys edit wherever text is typed, also where the arrows move rows.
func TestEditingKeysWorkInEveryField(t *testing.T) {
	fields := map[string]bool{}
	for _, s := range situations(t) {
		w, ok := s.model.Overlays.Top().(component.Writing)
		if !ok || w.Field() == nil {
			continue
		}
		fields[component.Called(w)] = true
		w.Field().Set("")
		step := func(want string, keys ...string) {
			t.Helper()
			s.key(keys...)
			if got := w.Field().Value(); got != want {
				t.Errorf("%s: after %v there is %q, want %q", s.name, keys, got, want)
			}
		}
		s.write("one two three")
		step("one two ", "ctrl+w")
		s.key("alt+b").write("X")
		s.key("home").write("Y")
		s.key("end").write("Z")
		step("Yone Xtwo Z")
		s.key("ctrl+a", "alt+f").write("!")
		s.key("ctrl+e", "left", "right").write("?")
		step("Yone! Xtwo Z?")
		step("Yone! Xtwo Z", "ctrl+h")
		step("Yone! Xtwo ", "backspace")
		step("Yone! ", "alt+b", "alt+d", "delete")
		s.key("alt+b")
		step("", "ctrl+k")
		s.send(tea.PasteMsg{Content: "a b.c"})
		step("a b.c")
		step("a b.", "alt+backspace")
		step("", "ctrl+u")
		s.write("ab")
		step("b", "ctrl+b", "ctrl+b", "ctrl+d")
	}
	for _, name := range []string{"a list to choose from", "the filter", "a form", "an event to send again", "a question to be typed", "help"} {
		if !fields[name] {
			t.Errorf("%s has not been tried", name)
		}
	}
}

// The footer has whole hints or none, at every width: first those of the pane or overlay, last those for help and leaving.
func TestTheFooterIsNeverCut(t *testing.T) {
	for _, s := range situations(t) {
		for width := 60; width <= 210; width += 6 {
			s.send(tea.WindowSizeMsg{Width: width, Height: 36})
			if s.model.Layout().TooSmall {
				continue
			}
			s.model.Notice.Clear()
			s.model.screen = ""
			var want strings.Builder
			room := width - 2
			if o, ok := s.model.Overlays.Top().(component.Standing); ok && o.Standing(&s.model.Deck) != "" {
				want.WriteString(" " + o.Standing(&s.model.Deck) + "   ")
				room -= screen.Cells(want.String())
			}
			keys := s.model.keys.Footer(&s.model.Deck, room)
			marks := map[string]bool{}
			for _, key := range keys {
				want.WriteString(key.Mark() + " " + key.Short + "  ")
				if marks[key.Mark()] {
					t.Errorf("%s, %d wide: %s stands in the footer twice", s.name, width, key.Mark())
				}
				marks[key.Mark()] = true
			}
			rows := strings.Split(s.screen(), "\n")
			if got := strings.TrimSpace(rows[len(rows)-1]); got != strings.TrimSpace(want.String()) || len(keys) == 0 {
				t.Errorf("%s, %d wide: the footer is %q, want %q", s.name, width, got, want.String())
			}
		}
	}
	s := drive(t, demo(), 60, 24)
	s.key("3", "K")
	s.shows("· K does nothing in consumers; in entities: show the …")
}
