package session

import (
	"context"
	"time"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/resp"
)

// PingEvery is how long a connection that waits for the server may be silent before it is asked for an answer, and given up
// when none comes within as long again.
const PingEvery = 5 * time.Second

// Info tells what is known of the bus and its link.
func (s *Session) Info() bus.Info {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.info
}

// Live tells whether the link is there.
func (s *Session) Live() bool { return s.Info().Link == bus.Live }

// Breaks counts how often the link broke.
func (s *Session) Breaks() int64 { return s.breaks.Load() }

// watch keeps one idle connection open: the link breaks when that does. It alone changes the state of the link until Close.
func (s *Session) watch(ctx context.Context, c *resp.Conn) {
	for {
		stop := goroutine.AfterFunc(ctx, "what closes a connection", c.Close)
		err := idle(c)
		stop()
		c.Close()
		if ctx.Err() != nil {
			return
		}
		began := time.Now()
		s.lost(c.Addr, err)
		c = s.Servers.Redial(ctx, "", fault.Redirect{}, func(err error) { s.setLink(bus.Reconnecting, err.Error()) })
		if c == nil {
			return
		}
		s.found(ctx, c)
		s.Notify(bus.Say, "", "connected again to %s after %s", c.Addr, time.Since(began).Round(time.Millisecond))
	}
}

// idle reads the answers to PING until the connection breaks.
func idle(c *resp.Conn) error {
	c.Limit = PingEvery
	c.Ping = func() error { return c.Send("PING") }
	for {
		if err := c.In.SkipNext(); err != nil {
			return err
		}
	}
}

func (s *Session) lost(addr string, err error) {
	why := fault.Words(err)
	s.breaks.Add(1)
	s.setLink(bus.Reconnecting, why)
	s.Notify(bus.Warn, "", "lost the connection to %s: %s; connecting again", addr, why)
}

// found notes that the link is there again. The server need not be the one that was there before.
func (s *Session) found(ctx context.Context, c *resp.Conn) {
	now := s.Info()
	now.Loopback = now.Loopback && s.Servers.LocalAddress(c.Addr)
	s.Servers.Identify(ctx, c, &now)
	s.mu.Lock()
	s.info.Loopback, s.info.Foreign = now.Loopback, now.Foreign
	s.info.Addresses, s.info.Identity = now.Addresses, now.Identity
	s.mu.Unlock()
	s.setLink(bus.Live, "")
}

func (s *Session) setLink(link bus.Link, detail string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.info.Link != link {
		s.info.Since = time.Now()
	}
	s.info.Link, s.info.Detail = link, detail
}
