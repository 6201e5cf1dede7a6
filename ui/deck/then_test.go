package deck

import (
	"slices"
	"testing"
	"time"

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
