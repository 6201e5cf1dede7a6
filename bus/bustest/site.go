package bustest

import (
	"context"
	"fmt"
	"strconv"
	"testing"
	"time"

	"go.uber.org/goleak"

	"signalbox/bus"
	"signalbox/bus/bustest/leaks"
)

// patience is how long a case waits for what must happen; quiet is how long it watches for what must not.
const (
	patience = time.Minute
	quiet    = 150 * time.Millisecond
)

// site is one case: a server, a station on it, another program that sends, and the bus under test.
type site struct {
	*testing.T
	h       Harness
	shape   Shape
	server  Server
	sender  Sender
	bus     bus.Bus
	ctx     context.Context
	station string
}

// newSite starts all that a case needs. When the case ends the bus is closed and must have left no goroutine.
func newSite(t *testing.T, h Harness, shape Shape) *site {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	t.Cleanup(cancel)
	if h.Inside { // the server's goroutines, which end with it, cannot be told from those of the bus before
		before := goleak.IgnoreCurrent()
		t.Cleanup(func() { leaks.None(t, append([]goleak.Option{before}, h.Leaks...)...) })
	}
	s := &site{T: t, h: h, shape: shape, server: h.Start(t), ctx: ctx, station: "shop"}
	if shape.Make != nil {
		shape.Make(t, s.server.URL(), s.station)
	}
	before := goleak.IgnoreCurrent()
	s.sender = shape.Sender(t, s.server.URL())
	if !h.Past { // else once something was sent
		s.bus = s.connect(Options{})
	}
	t.Cleanup(func() {
		if s.bus != nil {
			if err := s.bus.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		}
		s.sender.Close()
		if !h.Inside {
			leaks.None(t, append([]goleak.Option{before}, h.Leaks...)...)
		}
	})
	return s
}

// connect connects a bus, closed when the case ends at the latest.
func (s *site) connect(o Options) bus.Bus {
	s.Helper()
	b, err := s.h.Connect(s.ctx, s.server.URL(), o)
	if err != nil {
		s.Fatalf("connect: %v", err)
	}
	s.Cleanup(func() { _ = b.Close() })
	return b
}

// reconnect replaces the bus by one with other options.
func (s *site) reconnect(o Options) {
	s.Helper()
	if err := s.bus.Close(); err != nil {
		s.Fatalf("close: %v", err)
	}
	s.bus = s.connect(o)
}

// resolve is the station under test as the bus sees it.
func (s *site) resolve() bus.Station {
	s.Helper()
	got, err := s.bus.Stations(s.ctx, s.station)
	if err != nil {
		s.Fatalf("stations %q: %v", s.station, err)
	}
	if len(got) != 1 {
		s.Fatalf("stations %q: %d stations, want 1: %+v", s.station, len(got), got)
	}
	return got[0]
}

func (s *site) open(from bus.From) *reader {
	s.Helper()
	f, err := s.bus.Open(s.ctx, s.resolve(), from)
	if err != nil {
		s.Fatalf("open %s from %s: %v", s.station, from, err)
	}
	s.Cleanup(func() { _ = f.Close() })
	return &reader{site: s, feed: f}
}

func (s *site) send(n int) {
	s.Helper()
	if err := s.sender.Send(s.station, s.headers(n), payload(n, 0)); err != nil {
		s.Fatalf("send message %d: %v", n, err)
	}
}

func (s *site) sendRange(from, to int) {
	s.Helper()
	for n := from; n < to; n++ {
		s.send(n)
	}
	s.sent()
}

// sent connects a bus that has only what was sent before.
func (s *site) sent() {
	s.Helper()
	if s.h.Past {
		s.bus = s.connect(Options{})
	}
}

// headers of message n; the letters' case and the order must survive.
func (s *site) headers(n int) bus.Headers {
	if !s.shape.Headers {
		return nil
	}
	return bus.Headers{{Name: "Event-Type", Value: "Numbered"}, {Name: "n", Value: strconv.Itoa(n)}}
}

// eventually waits until a condition holds.
func (s *site) eventually(what string, holds func() bool) {
	s.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			s.Fatalf("after %s still not: %s", patience, what)
		}
	}
}

// payload is the body of message n, filled up to size bytes.
func payload(n, size int) []byte {
	b := fmt.Appendf(nil, `{"type":"NUMBERED","order_id":"o-%d","n":%d,"pad":"`, n%7, n)
	for len(b)+2 < size {
		b = append(b, 'x')
	}
	return append(b, `"}`...)
}

func payloads(count, size int) [][]byte {
	all := make([][]byte, 0, count)
	for n := range count {
		all = append(all, payload(n, size))
	}
	return all
}
