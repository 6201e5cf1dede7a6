package bustest

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"signalbox/bus"
)

// stations: a station is discovered, and resolved by its name, and says what it is.
func stations(s *site) {
	s.sendRange(0, 3)
	if s.shape.Discovered {
		all, err := s.bus.Stations(s.ctx)
		if err != nil {
			s.Fatalf("stations: %v", err)
		}
		if !slices.ContainsFunc(all, func(x bus.Station) bool { return x.Name == s.station && x.Kind == s.shape.Kind }) {
			s.Fatalf("stations: no %s %q in %+v", s.shape.Kind, s.station, all)
		}
	}
	got := s.resolve()
	if got.Name != s.station || got.Kind != s.shape.Kind || got.Replayable != s.shape.Replayable || !got.Readable {
		s.Fatalf("station: %+v, want a readable %s %q, replayable %t", got, s.shape.Kind, s.station, s.shape.Replayable)
	}
	if got.Traits != s.shape.Traits {
		s.Errorf("station: traits %+v, want %+v", got.Traits, s.shape.Traits)
	}
	if got.Reading == "" {
		s.Error("station: Reading does not say how it is read")
	}
	if s.shape.Replayable && (got.Messages != 3 || got.First.IsZero() || !got.First.Less(got.Last)) {
		s.Errorf("station: %d messages from %v to %v, want 3", got.Messages, got.First, got.Last)
	}
}

// readNew: from new delivers nothing old, and all that is published once Open has returned.
func readNew(s *site) {
	s.sendRange(0, 5)
	r := s.open(bus.From{Start: bus.FromNew})
	s.sendRange(5, 50)
	r.untilCount(45)
	r.untilCaughtUp()
	r.nothingMore()
	r.wantNumbers(5, 50)
	r.wantWhole()
	r.wantFaithful()
}

// readHistory: every start in the past delivers from there on, says when it has caught up, and goes on with what is new.
func readHistory(s *site) {
	empty := s.open(bus.From{Start: bus.FromAll})
	empty.untilCaughtUp()
	empty.wantNumbers(0, 0)
	for _, from := range []bus.From{{Start: bus.FromLast, Last: 7}, {Start: bus.FromSince, Since: time.Hour}} {
		r := s.open(from)
		r.untilCaughtUp()
		r.wantNumbers(0, 0)
	}

	s.sendRange(0, 20)
	empty.untilCount(20)
	empty.wantNumbers(0, 20)
	s.starts()
	last := s.open(bus.From{Start: bus.FromLast, Last: 2})
	last.untilCaughtUp()
	s.sendRange(20, 25)
	last.untilCount(7)
	last.nothingMore()
	last.wantNumbers(18, 25)
	if last.caughtUp != 1 {
		s.Errorf("caught up %d times, want once", last.caughtUp)
	}
}

// starts checks where reading begins, of 20 messages.
func (s *site) starts() {
	s.Helper()
	all := s.open(bus.From{Start: bus.FromAll})
	all.untilCaughtUp()
	for _, c := range []struct {
		from  bus.From
		first int
	}{
		{bus.From{Start: bus.FromAll}, 0},
		{bus.From{Start: bus.FromLast, Last: 7}, 13},
		{bus.From{Start: bus.FromLast, Last: 1}, 19},
		{bus.From{Start: bus.FromLast, Last: 500}, 0},
		{bus.From{Start: bus.FromSince, Since: time.Hour}, 0},
		{bus.From{Start: bus.FromAt, Position: s.positionOf(all, 4)}, 4},
	} {
		r := s.open(c.from)
		r.untilCaughtUp()
		if len(r.got) != 20-c.first {
			s.Fatalf("from %s: caught up after %d messages, want %d", c.from, len(r.got), 20-c.first)
		}
		r.wantNumbers(c.first, 20)
		r.wantWhole()
		r.wantFaithful()
	}
}

func (s *site) positionOf(r *reader, n int) bus.Position {
	s.Helper()
	for _, m := range r.got {
		if m.n == n {
			return m.at
		}
	}
	s.Fatalf("message %d was not read", n)
	return bus.Position{}
}

// wantFaithful checks that messages are as they were sent.
func (r *reader) wantFaithful() {
	r.Helper()
	for i, m := range r.got {
		if want := string(payload(m.n, 0)); m.data != want {
			r.Fatalf("message %d: data %q, want %q", m.n, m.data, want)
		}
		if m.size < len(m.data) {
			r.Errorf("message %d: size %d, but %d bytes of data", m.n, m.size, len(m.data))
		}
		if m.subject == "" {
			r.Errorf("message %d: no subject", m.n)
		}
		if age := m.received.Sub(m.when); age < -time.Minute || age > time.Minute {
			r.Errorf("message %d: dated %s when it is %s", m.n, m.when, m.received)
		}
		for _, h := range r.headers(m.n) {
			if got := m.headers.Get(h.Name); got != h.Value {
				r.Errorf("message %d: header %s is %q, want %q in %v", m.n, h.Name, got, h.Value, m.headers)
			}
		}
		if !r.shape.Lossless {
			continue
		}
		if m.at.IsZero() || i > 0 && !r.got[i-1].at.Less(m.at) {
			r.Fatalf("message %d: position %v does not follow the one before", m.n, m.at)
		}
	}
}

// readOrder: a burst arrives whole and in order, in several bounded batches.
func readOrder(s *site) {
	const count = 8000
	r := s.open(bus.From{Start: bus.FromNew})
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		if err := s.sender.Burst(s.station, payloads(count, 0)); err != nil {
			s.Errorf("burst: %v", err)
		}
	}()
	defer func() { <-sent }()
	r.untilCount(count)
	r.wantNumbers(0, count)
	r.wantWhole()
}

// closing: Next honours its context; Close ends a feed at once, twice without harm, and the bus's Close ends all feeds.
func closing(s *site) {
	r := s.open(bus.From{Start: bus.FromNew})
	r.untilCaughtUp()
	ctx, cancel := context.WithCancel(s.ctx)
	ended := make(chan error, 1)
	go func() { _, err := r.feed.Next(ctx); ended <- err }()
	cancel()
	s.wantError("next with a cancelled context", ended, context.Canceled)

	go func() { _, err := r.feed.Next(s.ctx); ended <- err }()
	s.twice("feed", r.feed.Close)
	s.wantError("next on a closed feed", ended, io.EOF)

	other := s.open(bus.From{Start: bus.FromNew})
	other.untilCaughtUp()
	go func() { _, err := other.feed.Next(s.ctx); ended <- err }()
	s.closeBus(ended)
}

// closeBus closes the bus, which ends the wait for the next batch of a feed.
func (s *site) closeBus(ended <-chan error) {
	s.Helper()
	s.twice("bus", s.bus.Close)
	s.wantError("next on a closed bus", ended, io.EOF)
	if link := s.bus.Info().Link; link != bus.Closed {
		s.Errorf("link of a closed bus is %q", link)
	}
	s.eventually("notices are closed", func() bool {
		select {
		case _, open := <-s.bus.Notices():
			return !open
		default:
			return false
		}
	})
	if _, err := s.bus.Open(s.ctx, bus.Station{Name: s.station, Kind: s.shape.Kind, Readable: true}, bus.From{}); err == nil {
		s.Error("open on a closed bus works")
	}
}

func (s *site) twice(what string, closeIt func() error) {
	s.Helper()
	for range 2 {
		if err := closeIt(); err != nil {
			s.Fatalf("close of the %s: %v", what, err)
		}
	}
}

func (s *site) wantError(what string, got <-chan error, want error) {
	s.Helper()
	select {
	case err := <-got:
		if !errors.Is(err, want) {
			s.Fatalf("%s: %v, want %v", what, err, want)
		}
	case <-time.After(patience):
		s.Fatalf("%s does not return", what)
	}
}

// leaving: whatever the broker keeps for readers is as before once feeds and bus are closed.
func leaving(s *site) {
	s.sendRange(0, 10)
	before := s.h.Readers(s, s.server.URL())
	guest := s.connect(Options{})
	station := s.resolve()
	for _, from := range []bus.From{{Start: bus.FromAll}, {Start: bus.FromNew}, {Start: bus.FromLast, Last: 3}} {
		f, err := guest.Open(s.ctx, station, from)
		if err != nil {
			s.Fatalf("open from %s: %v", from, err)
		}
		r := &reader{site: s, feed: f}
		r.untilCaughtUp()
		if from.Start != bus.FromAll { // that one is left to the bus
			s.twice("feed", f.Close)
		}
	}
	s.wantUnlisted(guest)
	if err := guest.Close(); err != nil {
		s.Fatalf("close: %v", err)
	}
	s.eventually("the broker's readers are as before", func() bool {
		return slices.Equal(before, s.h.Readers(s, s.server.URL()))
	})
}

// wantUnlisted checks that a bus does not list itself among a station's consumers.
func (s *site) wantUnlisted(b bus.Bus) {
	s.Helper()
	lister, ok := bus.As[bus.ConsumerLister](b)
	if !ok {
		return
	}
	all, err := lister.Consumers(s.ctx)
	if err != nil {
		s.Fatalf("consumers: %v", err)
	}
	for _, c := range all {
		if c.Station == s.station && s.shape.Lossless {
			s.Errorf("consumers: %q reads %s, but nobody does except the session", c.Name, c.Station)
		}
	}
	stations, err := b.Stations(s.ctx, s.station)
	if err != nil || len(stations) != 1 {
		s.Fatalf("the station: %+v, %v", stations, err)
	}
	if n := stations[0].Consumers; n > 0 && s.shape.Lossless {
		s.Errorf("%s counts %d consumers, but it is read by nobody except the session", s.station, n)
	}
}
