package bustest

import (
	"context"
	"sync/atomic"
	"time"

	"signalbox/bus"
)

// outageLossless: a server that dies and comes back under load costs a replayable station nothing.
func outageLossless(s *site) {
	r := s.open(bus.From{Start: bus.FromAll})
	load := s.load()
	r.untilCount(100)
	s.outage()
	before := load.taken()
	r.until("messages sent after the outage", func() bool { return r.has(before + 100) })
	last := load.stop()
	r.until("everything that was sent", func() bool { return r.has(last) })
	r.nothingMore()

	stored := s.open(bus.From{Start: bus.FromAll})
	stored.untilCaughtUp()
	if len(stored.got) != len(r.got) {
		s.Fatalf("read %d messages through the outage, but %d are stored", len(r.got), len(stored.got))
	}
	for i, m := range stored.got {
		if r.got[i].at != m.at || r.got[i].n != m.n {
			s.Fatalf("read message %d at %v, stored is message %d at %v", r.got[i].n, r.got[i].at, m.n, m.at)
		}
	}
	if missed(r.gaps) != 0 || r.dropped != 0 {
		s.Errorf("gaps %+v, dropped %d, but nothing was missed", r.gaps, r.dropped)
	}
}

// outageLossy: a station that cannot be replayed goes on after an outage, and says that it was away.
func outageLossy(s *site) {
	r := s.open(bus.From{Start: bus.FromNew})
	load := s.load()
	r.untilCount(100)
	began := time.Now()
	s.outage()
	before := load.taken()
	r.until("a gap, and messages sent after it", func() bool { return len(r.gaps) > 0 && r.has(before+100) })
	load.stop()
	gap := r.gaps[0]
	if !gap.Unknown && gap.Missed == 0 || gap.Why == "" || gap.Until.Before(gap.Since) || gap.Until.Before(began) {
		s.Errorf("gap %+v does not say what may have been missed, why, and when", gap)
	}
	seen := map[int]seen{}
	for _, m := range r.got {
		if twin, twice := seen[m.n]; twice && s.shape.Replayable {
			s.Fatalf("message %d came twice, at %v and %v", m.n, twin.at, m.at)
		}
		seen[m.n] = m
	}
}

// outage kills the server and starts it again. The bus must tell.
func (s *site) outage() {
	s.Helper()
	since := s.bus.Info().Since
	s.server.Kill()
	s.eventually("the bus tells that it is reconnecting", func() bool { return s.bus.Info().Link == bus.Reconnecting })
	if info := s.bus.Info(); info.Detail == "" || !info.Since.After(since) {
		s.Errorf("info of a broken link: %+v, want since when and why", info)
	}
	s.wantNotice(bus.Warn)
	s.server.Restart()
	s.eventually("the bus is live again", func() bool { return s.bus.Info().Link == bus.Live })
	s.wantNotice(bus.Say)
}

// wantNotice waits for a notice of a level.
func (s *site) wantNotice(level bus.Level) {
	s.Helper()
	deadline := time.After(patience)
	for {
		select {
		case n, open := <-s.bus.Notices():
			if !open {
				s.Fatalf("notices were closed before one of level %d", level)
			}
			if n.Text == "" || n.Time.IsZero() {
				s.Errorf("notice %+v says nothing", n)
			}
			if n.Level == level {
				return
			}
		case <-deadline:
			s.Fatalf("no notice of level %d", level)
		}
	}
}

// load sends numbered messages, one at a time, until it is stopped.
type load struct {
	sent   atomic.Int64 // number of the newest message that the broker took
	cancel context.CancelFunc
	done   chan struct{}
}

func (s *site) load() *load {
	ctx, cancel := context.WithCancel(s.ctx)
	l := &load{cancel: cancel, done: make(chan struct{})}
	l.sent.Store(-1)
	go func() {
		defer close(l.done)
		tick := time.NewTicker(200 * time.Microsecond)
		defer tick.Stop()
		// A message whose sending failed may have been stored all the same: its number is not used again.
		for n := 0; ctx.Err() == nil; n++ {
			if s.sender.Send(s.station, s.headers(n), payload(n, 0)) == nil {
				l.sent.Store(int64(n))
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
			}
		}
	}()
	s.Cleanup(func() { l.stop() })
	return l
}

func (l *load) taken() int { return int(l.sent.Load()) }

func (l *load) stop() int {
	l.cancel()
	<-l.done
	return l.taken()
}

// has tells whether message n, or a later one, was read.
func (r *reader) has(n int) bool { return len(r.got) > 0 && r.got[len(r.got)-1].n >= n }
