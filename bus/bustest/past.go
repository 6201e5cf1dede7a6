package bustest

import (
	"context"
	"errors"
	"io"

	"signalbox/bus"
)

// pastCases are those of a bus that has what was sent before it was connected.
func pastCases(c Capabilities) []shapeCase {
	return []shapeCase{
		{"stations", stations, true},
		{"nothing", pastNothing, true},
		{"new", pastNew, true},
		{"history", pastHistory, true},
		{"order", pastOrder, true},
		{"side by side", sideBySide, true},
		{"closing", pastClosing, true},
		{"nothing left behind", leaving, true},
		{"get", get, c.Getter},
		{"messages on a subject", messagesOn, c.SubjectReader},
		{"looking changes nothing", looking, true},
	}
}

// pastNothing: a station to which nothing was sent is there, and ends at once, wherever reading begins.
func pastNothing(s *site) {
	s.sendRange(0, 0)
	if got := s.resolve(); got.Messages != 0 || !got.First.IsZero() || !got.Last.IsZero() {
		s.Errorf("station: %d messages from %v to %v, want none", got.Messages, got.First, got.Last)
	}
	for _, from := range []bus.From{{Start: bus.FromAll}, {Start: bus.FromNew}, {Start: bus.FromLast, Last: 7}, {Start: bus.FromSince, Since: patience},
		{Start: bus.FromAt, Position: bus.Position{Major: 3}}} {
		r := s.open(from)
		r.untilEnded()
		r.wantNumbers(0, 0)
		r.wantWhole()
	}
}

// pastNew: nothing is new.
func pastNew(s *site) {
	s.sendRange(0, 5)
	r := s.open(bus.From{Start: bus.FromNew})
	r.untilEnded()
	r.wantNumbers(0, 0)
	r.wantWhole()
}

// pastHistory: every start in the past delivers from there on, and the end.
func pastHistory(s *site) {
	s.sendRange(0, 20)
	s.starts()
	r := s.open(bus.From{Start: bus.FromLast, Last: 2})
	r.untilEnded()
	r.wantNumbers(18, 20)
	if r.caughtUp != 1 {
		s.Errorf("caught up %d times, want once", r.caughtUp)
	}
}

// pastOrder: many arrive whole and in order, in several bounded batches.
func pastOrder(s *site) {
	const count = 8000
	s.burst(count, 0)
	r := s.open(bus.From{Start: bus.FromAll})
	r.untilEnded()
	r.wantNumbers(0, count)
	r.wantWhole()
}

// sideBySide: a reader that does not read holds no other back, and gets everything later.
func sideBySide(s *site) {
	s.burst(slowCount, slowSize)
	slow := s.open(bus.From{Start: bus.FromAll})
	slow.untilCount(1)
	for range 2 {
		r := s.open(bus.From{Start: bus.FromAll})
		r.untilEnded()
		r.wantNumbers(0, slowCount)
		r.wantWhole()
	}
	slow.untilEnded()
	slow.wantNumbers(0, slowCount)
	slow.wantWhole()
}

// pastClosing: Next honours its context; Close ends a feed at once, twice without harm, and the bus's Close ends all feeds.
func pastClosing(s *site) {
	s.burst(slowCount, slowSize) // more than one batch
	r := s.open(bus.From{Start: bus.FromAll})
	r.untilCount(1)
	ctx, cancel := context.WithCancel(s.ctx)
	cancel()
	if _, err := r.feed.Next(ctx); !errors.Is(err, context.Canceled) {
		s.Errorf("next with a cancelled context: %v, want %v", err, context.Canceled)
	}
	r.untilCount(len(r.got) + 1)
	s.twice("feed", r.feed.Close)
	if _, err := r.feed.Next(s.ctx); !errors.Is(err, io.EOF) {
		s.Errorf("next on a closed feed: %v, want %v", err, io.EOF)
	}
	other := s.open(bus.From{Start: bus.FromAll})
	other.untilCount(1)
	ended := make(chan error, 1)
	go func() {
		for {
			b, err := other.feed.Next(s.ctx)
			if err != nil {
				ended <- err
				return
			}
			b.Release()
		}
	}()
	s.closeBus(ended)
}

// burst sends many, and connects the bus that has them.
func (s *site) burst(count, size int) {
	s.Helper()
	if err := s.sender.Burst(s.station, payloads(count, size)); err != nil {
		s.Fatalf("burst: %v", err)
	}
	s.sent()
}

// untilEnded takes batches in until the feed says that it has caught up and ends, which it then does.
func (r *reader) untilEnded() {
	r.Helper()
	r.until("the end", func() bool { return r.ended })
	if r.caughtUp != 1 {
		r.Errorf("caught up %d times at the end, want once", r.caughtUp)
	}
	if _, err := r.feed.Next(r.ctx); !errors.Is(err, io.EOF) {
		r.Fatalf("next after the end: %v, want %v", err, io.EOF)
	}
}
