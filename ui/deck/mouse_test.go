package deck

import (
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

func TestMouse(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	click := func(x, y int) { s.send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft}) }
	click(50, 27)
	if got := s.model.Selection.Entity.ID; s.focused() != "Entities" || got != "01HX03Q" {
		t.Errorf("a click on the fourth entity focuses %s and chooses %s", s.focused(), got)
	}
	click(60, 12)
	s.shows("scrolled")
	s.now = s.now.Add(100 * time.Millisecond)
	click(60, 12)
	s.shows("payload")
	click(1, 2)
	s.hides("payload")
	s.send(wheelMsg{60, 12, -6})
	s.send(wheelMsg{60, 12, -6})
	s.shows("newer")
	s.key("m")
	if s.model.View().MouseMode != tea.MouseModeNone {
		t.Error("the mouse is still taken after m")
	}
}

func TestWheelIsMergedInAFilter(t *testing.T) {
	now := noon
	filter := mergeWheel(func() time.Time { return now })
	sum, messages := 0, 0
	for range 100 {
		now = now.Add(time.Millisecond)
		if msg := filter(nil, tea.MouseWheelMsg{Button: tea.MouseWheelDown}); msg != nil {
			sum += msg.(wheelMsg).by
			messages++
		}
	}
	if messages > 4 || sum < 200 {
		t.Errorf("100 notches in 100 ms came as %d messages of %d rows, want 4 at most and nearly 300", messages, sum)
	}
	now = now.Add(time.Minute)
	if msg := filter(nil, tea.MouseWheelMsg{Button: tea.MouseWheelUp}); msg.(wheelMsg).by != -wheelStep && msg.(wheelMsg).by > wheelStep {
		t.Errorf("after a minute a notch up is %v", msg)
	}
	if msg := filter(nil, keyPress("q")); msg == nil {
		t.Error("the filter took a key")
	}
}

// A border follows the mouse that holds it, stays where it was let go through a zoom and another size, and goes back on a double
// click.
func TestMouseMovesBorders(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	pane := func(number int) (w, h int) {
		a, _ := s.model.Layout().Area(number)
		return a.W, a.H
	}
	press := func(x, y int) { s.send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft}) }
	move := func(x, y int) { s.send(tea.MouseMotionMsg{X: x, Y: y, Button: tea.MouseLeft}) }
	release := func(x, y int) { s.send(tea.MouseReleaseMsg{X: x, Y: y, Button: tea.MouseLeft}) }
	width, _ := pane(0)
	_, height := pane(1)
	press(width, 4)
	move(width-5, 4)
	move(width-11, 6)
	release(width-11, 6)
	if got, _ := pane(0); got != width-11 {
		t.Errorf("the stations are %d cells wide, want %d", got, width-11)
	}
	move(20, 4)
	if got, _ := pane(0); got != width-11 {
		t.Error("a border moves that nobody holds")
	}
	a, _ := s.model.Layout().Area(3)
	press(30, a.Y)
	move(30, a.Y-4)
	release(30, a.Y-4)
	if _, got := pane(1); got != height-4 {
		t.Errorf("the events are %d rows high, want %d", got, height-4)
	}
	if s.focused() != "Events" {
		t.Errorf("moving a border focuses %s", s.focused())
	}
	s.key("z", "z")
	s.send(tea.WindowSizeMsg{Width: 80, Height: 24})
	s.screen()
	s.send(tea.WindowSizeMsg{Width: 120, Height: 36})
	s.screen()
	if w, _ := pane(0); w != width-11 {
		t.Errorf("the stations are %d cells wide after the zoom, want %d", w, width-11)
	}
	for range 2 {
		press(width-11, 4)
		release(width-11, 4)
		s.now = s.now.Add(100 * time.Millisecond)
	}
	if got, _ := pane(0); got != width {
		t.Errorf("after a double click the stations are %d cells wide, want %d", got, width)
	}
	s.now = s.now.Add(time.Minute)
	a, _ = s.model.Layout().Area(3)
	press(a.X+5, a.Y)
	release(a.X+5, a.Y)
	if s.focused() != "Entities" {
		t.Errorf("a click on a title focuses %s", s.focused())
	}
}

// The second click opens what the first one chose, in panes and in lists that lie over them, as enter does.
func TestDoubleClickOpens(t *testing.T) {
	for name, test := range map[string]struct {
		keys  []string
		on    string // the row that is clicked
		shows string
	}{
		"station": {nil, "election  ", "station election"}, "event": {nil, "01HX38Q purchase", "payload"},
		"consumer": {nil, "event-store", "consumer event-store"}, "entity": {nil, "01HX01Q active", "5 delivery 01HX01Q"},
		"value": {nil, "budget    30", "· budget"}, "dead letter": {[]string{"D"}, "terminated", "dead letter ·"},
		"progress": {[]string{"5", "w"}, "INCREASE_BUDGET", "payload"}, "palette": {[]string{":"}, "filter events or", "╭ filter events"},
	} {
		t.Run(name, func(t *testing.T) {
			s := drive(t, withDeadLetters(handled(demo())), 120, 36, armed(t, embeddedBus()))
			s.key(test.keys...)
			before, _, found := strings.Cut(s.screen(), test.on)
			if !found {
				t.Fatalf("%q is not on the screen:\n%s", test.on, s.screen())
			}
			x, y := len([]rune(before[strings.LastIndexByte(before, '\n')+1:])), strings.Count(before, "\n")
			under := s.model.Overlays.Top()
			for i := range 2 {
				s.send(tea.MouseClickMsg{X: x + i, Y: y, Button: tea.MouseLeft})
				s.send(tea.MouseReleaseMsg{X: x + i, Y: y, Button: tea.MouseLeft})
				s.now = s.now.Add(150 * time.Millisecond)
				if i == 0 && name == "entity" {
					slices.Reverse(s.fake.entities)
					s.send(snapshotMsg{})
				}
			}
			s.shows(test.shows)
			if s.model.Overlays.Top() == under && name != "entity" {
				t.Errorf("nothing was opened:\n%s", s.screen())
			}
			if name == "entity" && s.focused() != "State" {
				t.Errorf("a double click on an entity focuses %s", s.focused())
			}
		})
	}
}
