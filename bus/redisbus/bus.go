// Package redisbus is a bus on a Redis or Valkey server: channels, patterns and sharded channels by SUBSCRIBE, streams
// by XREAD. It never reads through a consumer group except in Work, and never uses KEYS or MONITOR.
//
// Stations. A name is a stream where a stream has that key, a pattern where it has one of * ? [, and else a channel;
// stream:, channel:, pattern: and sharded: before it force what it is. Discovery lists channels that somebody
// subscribes to, and streams, found by SCAN with a budget a call: on a large server they appear little by little.
//
// Messages. On a channel the payload is Data, and there are no headers and no positions. A stream's entry is a list of
// fields. Where one of them is called data, payload, body, event, message or value and holds a JSON object or array, or
// is the only field, that one is Data and the others are Headers. Any other entry is Data as a JSON object of its
// fields, all of them strings as they are in Redis.
//
// What may be missed. Redis keeps nothing of a channel: whatever was published while the connection was away is gone,
// and a Gap says when. A stream is read on from the next ID; entries that were trimmed before they were read are
// counted from what the server has added in all (Redis 7 and later).
//
// All channels share one connection, each open stream has one of its own, and all else goes through go-redis's pool.
package redisbus

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
)

// Bus is a connection to one server. It is safe for use from any goroutine.
type Bus struct {
	options Options
	server  *redis.Options // as the URL says
	greets  greeting
	client  redis.UniversalClient

	ctx   context.Context // ends with Close
	stop  context.CancelFunc
	wg    sync.WaitGroup
	ended chan struct{} // closed when Close is done

	mu      sync.Mutex // guards what follows
	info    bus.Info
	notices chan bus.Notice
	closing bool

	breaks atomic.Int64 // how often the link broke
	held   atomic.Int64 // bytes that all channels' feeds hold
	line   *line
	search *search
	places *places
}

var (
	_ bus.Bus            = (*Bus)(nil)
	_ bus.Publisher      = (*Bus)(nil)
	_ bus.ConsumerLister = (*Bus)(nil)
	_ bus.Getter         = (*Bus)(nil)
	_ bus.Worker         = (*Bus)(nil)
	_ bus.Maker          = (*Bus)(nil)
	_ bus.Keeper         = (*Bus)(nil)
)

// Info implements bus.Bus.
func (b *Bus) Info() bus.Info {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.info
}

// Notices implements bus.Bus.
func (b *Bus) Notices() <-chan bus.Notice { return b.notices }

// Close implements bus.Bus.
func (b *Bus) Close() error {
	b.mu.Lock()
	again := b.closing
	b.closing = true
	b.mu.Unlock()
	if again {
		<-b.ended
		return nil
	}
	defer close(b.ended)
	b.stop()
	err := b.client.Close() // ends what waits for an answer
	b.wg.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.info.Link, b.info.Since, b.info.Detail = bus.Closed, time.Now(), ""
	close(b.notices)
	return err
}

// spawn runs work on a goroutine that Close waits for. It reports false when the bus is closed already.
func (b *Bus) spawn(work func()) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closing {
		return false
	}
	b.wg.Go(work)
	return true
}

// during bounds a caller's context by the life of the bus.
func (b *Bus) during(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(b.ctx, cancel)
	return ctx, func() { stop(); cancel() }
}

// atLeast tells whether the server is of that version or later. Valkey counts on from 7.2.
func (b *Bus) atLeast(major, minor int) bool {
	a, m := b.greets.numbers()
	return a > major || a == major && m >= minor
}
