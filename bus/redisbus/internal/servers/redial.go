package servers

import (
	"context"
	"time"

	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/resp"
)

// How long to wait between attempts to connect again.
const (
	FirstRetry = 50 * time.Millisecond
	lastRetry  = 2 * time.Second
)

// Redial connects again to the server of a key, and tries until it works or ctx ends; then it returns nil. The first
// attempt goes where another server has sent us. failed is told of each attempt that fails.
func (s *Servers) Redial(ctx context.Context, key string, to fault.Redirect, failed func(error)) *resp.Conn {
	for wait := FirstRetry; ; wait = min(2*wait, lastRetry) {
		attempt, cancel := context.WithTimeout(ctx, DialTimeout)
		c, err := s.Follow(attempt, key, to)
		cancel()
		if err == nil {
			return c
		}
		if ctx.Err() != nil {
			return nil
		}
		failed(err)
		if !Pause(ctx, wait) {
			return nil
		}
		to = fault.Redirect{}
	}
}

// Follow connects to where another server has sent us, or to the server of a key when to is empty.
func (s *Servers) Follow(ctx context.Context, key string, to fault.Redirect) (*resp.Conn, error) {
	if to.Addr == "" {
		return s.Dial(ctx, key)
	}
	s.Failed(ctx, "") // what is known of the cluster is out of date
	c, err := s.DialAt(ctx, to.Addr)
	if err == nil {
		c.Asking = to.Ask
	}
	return c, err
}

// Pause waits, and reports false when ctx ended first.
func Pause(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
