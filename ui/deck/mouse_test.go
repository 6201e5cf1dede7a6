package deck

import (
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
