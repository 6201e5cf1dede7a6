package redisbus

import (
	"context"
	"fmt"
	"time"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/resp"
)

// How long to wait between attempts to connect again.
const (
	firstRetry = 50 * time.Millisecond
	lastRetry  = 2 * time.Second
)

// watch keeps one idle connection open: when it breaks, so has the link. It owns the state of the link.
func (b *Bus) watch(ctx context.Context, c *resp.Conn) {
	for {
		stop := context.AfterFunc(ctx, c.Close)
		err := idle(c)
		stop()
		c.Close()
		if ctx.Err() != nil {
			return
		}
		began := time.Now()
		b.lost(c.Addr, err)
		if c = b.redial(ctx, home, b.stillLost); c == nil {
			return
		}
		b.live(c.Addr)
		b.say(bus.Say, "", "connected again to %s after %s", c.Addr, time.Since(began).Round(time.Millisecond))
	}
}

// idle reads signs of life until the connection breaks.
func idle(c *resp.Conn) error {
	c.Limit = pulseEvery
	c.Ping = func() error { return c.Send("PING") }
	for {
		if err := c.In.SkipNext(); err != nil {
			return err
		}
	}
}

func (b *Bus) lost(addr string, err error) {
	why := fault.Words(err)
	b.breaks.Add(1)
	b.setLink(bus.Reconnecting, why)
	b.say(bus.Warn, "", "lost the connection to %s: %s; connecting again", addr, why)
}

// live notes the server that is there now, which need not be the one that was.
func (b *Bus) live(addr string) {
	b.mu.Lock()
	b.info.Loopback = b.info.Loopback && loopback(b.server.Network, addr)
	b.mu.Unlock()
	b.setLink(bus.Live, "")
}

func (b *Bus) stillLost(err error) { b.setLink(bus.Reconnecting, err.Error()) }

// home is where connections go that are not about a key.
func home() (key string, to fault.Redirect) { return "", fault.Redirect{} }

// redial connects again, and tries until it works or ctx ends; then it returns nil. where says to which key's server,
// and to which address first when a server has named one. It tells failed of each failure.
func (b *Bus) redial(ctx context.Context, where func() (string, fault.Redirect), failed func(error)) *resp.Conn {
	for wait := firstRetry; ; wait = min(2*wait, lastRetry) {
		attempt, cancel := context.WithTimeout(ctx, dialTimeout)
		c, err := b.follow(attempt, where)
		cancel()
		if err == nil {
			return c
		}
		if ctx.Err() != nil {
			return nil
		}
		failed(err)
		if !pause(ctx, wait) {
			return nil
		}
	}
}

// follow goes where a server has sent us, else where the fleet says.
func (b *Bus) follow(ctx context.Context, where func() (string, fault.Redirect)) (*resp.Conn, error) {
	key, to := where()
	if to.Addr == "" {
		return b.dial(ctx, key)
	}
	b.fleet.failed(ctx, "") // what it knows is out of date
	c, err := b.dialAt(ctx, to.Addr)
	if err == nil {
		c.Asking = to.Ask
	}
	return c, err
}

// pause waits, and reports false when ctx ended first.
func pause(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (b *Bus) setLink(link bus.Link, detail string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.info.Link == bus.Closed {
		return
	}
	if b.info.Link != link {
		b.info.Since = time.Now()
	}
	b.info.Link, b.info.Detail = link, detail
}

// say sends a notice; when nobody reads them the oldest is dropped.
func (b *Bus) say(level bus.Level, station, format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.info.Link == bus.Closed {
		return
	}
	notice := bus.Notice{Time: time.Now(), Level: level, Station: station, Text: fmt.Sprintf(format, args...)}
	for {
		select {
		case b.notices <- notice:
			return
		default:
		}
		select {
		case <-b.notices:
		default:
		}
	}
}
