package deck

import (
	"slices"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"signalbox/sources"
)

// past is a demo with an earlier moment: two stations, one of which has much less, one consumer, and other rates.
func past() *fake {
	f := demo()
	f.then = func(s *sources.Snapshot) {
		s.Then = &sources.Then{Number: f.view.At, Time: noon.Add(-5 * time.Minute), Sampled: noon.Add(-5*time.Minute + time.Second), Since: noon.Add(-time.Hour)}
		s.Stations = slices.Clone(s.Stations[:2])
		s.Stations[0].Rate, s.Stations[0].Station.Messages, s.Stations[0].Ledger.Received = 77, 1234, 4321
		s.Consumers = slices.Clone(s.Consumers[1:2])
		s.Consumers[0].Lag, s.Consumers[0].Redelivered = 66, 5
		s.Rate, s.Ledger = 55, sources.Ledger{Received: 4444, Held: 4444, Missed: 3}
	}
	return f
}

// unsampled is the same before anybody looked at stations and consumers.
func unsampled() *fake {
	f := past()
	then := f.then
	f.then = func(s *sources.Snapshot) {
		then(s)
		s.Then.Sampled, s.Consumers = time.Time{}, nil
		for i := range s.Stations {
			s.Stations[i].Unsampled = true
		}
	}
	return f
}

// thenOf is the earlier moment of another world, for that of a driver.
func thenOf(s *driver, of func() *fake) func(*sources.Snapshot) {
	other := of()
	return func(shot *sources.Snapshot) {
		other.view = s.fake.view
		other.then(shot)
	}
}

func TestThePastIsWhole(t *testing.T) {
	s := drive(t, past(), 200, 60)
	s.key("[")
	s.shows("past · 5m ago · at 13:58:22.104 · esc is now", "past · 13:58:22.104 · 5m ago", "13:58:22 · 5m ago", " 55 ev/s", "held 4,444", "lost 3", "77/s", "event-store")
	s.hides("mailer", "1,284 ev/s", "312/s", "place-order")
	s.key("3", "enter")
	s.shows("consumer event-store  past · 13:58:22.104 · 5m ago", "they, and its unacknowledged messages, are not sampled")
	s.key("esc", "1", "enter")
	s.shows("1,234 kept", "4,321")
	s.key("esc", "L")
	s.shows("past · 13:58:22.104")
	s.key("esc", "esc")
	s.shows("1,284 ev/s", "mailer", "312/s")
	s.hides("past", "13:58:22")
}

func TestWhatWasNotSampledSaysSo(t *testing.T) {
	s := drive(t, unsampled(), 120, 36)
	s.key("[")
	s.shows("not sampled then ─ 2", "not sampled then: looked at from 13:03:22 on")
	s.hides("mailer", "31k", "1234")
	s.key("1", "enter")
	s.shows("messages", "not sampled then: looked at from 13:03:22 on")
	s.hides("1,234 kept")
}

// A sample that lies apart from the moment shown says when it was taken.
func TestASampleFromAnotherTimeSaysWhich(t *testing.T) {
	f := past()
	then := f.then
	f.then = func(s *sources.Snapshot) {
		then(s)
		s.Then.Sampled = s.Then.Time.Add(-20 * time.Second)
	}
	s := drive(t, f, 120, 36)
	s.key("[")
	s.shows("sampled 13:58:02 ─ 2")
}

// In a frozen view a move in time leaves what was frozen.
func TestAMoveLeavesTheFrozenView(t *testing.T) {
	s := drive(t, past(), 160, 40)
	s.key("space")
	s.shows("312/s", "mailer", "frozen · 0 newer")
	s.key("[")
	s.shows("77/s", "frozen · 5m ago · at 13:58:22.104")
	s.hides("mailer")
	s.key("esc")
	s.shows("312/s", "mailer")
	s.hides("frozen")
}

func TestATimeIsGoneTo(t *testing.T) {
	s := drive(t, demo(), 160, 40)
	s.now = noon.Add(time.Second)
	at := func(text string) {
		s.key(":").write("at " + text).key("enter")
	}
	at("14:03:22.160")
	if got := s.fake.view.At; got != 8 {
		t.Errorf("the event up to then is %d, want 8", got)
	}
	s.shows("at 14:03:22.160")
	at("now")
	s.hides("past")
	at("25:61:00")
	s.shows("want a time such as 14:03:22 or -5m, or a position")
	s.key("esc", "esc")
	at("-5m")
	s.shows("nothing is held of 13:58:23")
	at("17")
	if got := s.fake.view.At; got != 17 {
		t.Errorf("the event with position 17 is %d", got)
	}
	s.key("n")
	if got := s.fake.view.At; got != 0 {
		t.Errorf("at %d, want now", got)
	}
}

func TestTheTimeLineIsMovedIn(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	s.key("T")
	s.shows("time line", "13:58:22", "all 5m", "now")
	if got := s.fake.view.Line.Columns; got != 118 {
		t.Errorf("%d columns are asked for", got)
	}
	s.key("left")
	if s.fake.view.At == 0 || s.fake.view.Moment == 0 {
		t.Error("the cursor did not move")
	}
	s.shows("past ·")
	was := s.fake.view.Moment
	s.key("tab")
	s.shows("nothing is marked further on")
	s.key("shift+tab")
	if s.fake.view.Moment >= was {
		t.Error("it did not go back to where something happened")
	}
	s.shows("refused")
	s.key("m")
	s.shows("mark")
	s.key("m")
	s.hides("· mark")
	s.key("+", "+")
	if v := s.fake.view.Line; v.From == 0 || v.To-v.From > 120 {
		t.Errorf("%d seconds are shown", v.To-v.From)
	}
	s.key("-", "-", "n")
	if s.fake.view.At != 0 || s.fake.view.Line.From != 0 {
		t.Errorf("not at now, or not all is shown: %+v", s.fake.view.Line)
	}
	s.send(tea.MouseClickMsg{X: 30, Y: 30, Button: tea.MouseLeft})
	was = s.fake.view.Moment
	s.send(tea.MouseMotionMsg{X: 60, Y: 30, Button: tea.MouseLeft})
	if was == 0 || s.fake.view.Moment <= was {
		t.Error("the cursor does not follow the mouse")
	}
	s.send(tea.MouseReleaseMsg{X: 60, Y: 30, Button: tea.MouseLeft})
	s.key("esc")
	s.hides("time line")
	s.shows("past ·")
}
