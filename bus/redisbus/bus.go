// Package redisbus is a bus on a Redis or Valkey server: channels, patterns and sharded channels by SUBSCRIBE, streams
// by XREAD. It never reads through a consumer group except in Work, and never uses KEYS or MONITOR.
//
// URLs. redis://user:password@host:6379/0 and unix:///path/to/socket; rediss:// is with TLS, where tls_cert, tls_key and
// tls_ca in the query name files, and skip_verify=true trusts anybody. redis+sentinel://host:26379,host/master/0 asks
// Sentinels where the master is, with sentinel_username and sentinel_password in the query where they want them; the
// user before the hosts is the master's. redis+cluster://host,host, or cluster=true in the query, is a cluster; a server
// of Redis 6 or later says by itself that it belongs to one. Both are with TLS as rediss+sentinel:// and rediss+cluster://.
//
// Stations. A name is a stream where a stream has that key, a pattern where it has one of * ? [, and else a channel;
// stream:, channel:, pattern:, sharded: and keys: before it force what it is. Discovery lists channels that somebody
// subscribes to, and streams, found by SCAN with a budget a call: on a large server they appear little by little.
//
// Keys. keys:*.Event:* is all keys that match the pattern: whenever a hash or a string among them is written, what it
// then holds is a message, a hash as a JSON object of strings. A key that ends in a ULID dates its message, and what is
// found at once is put in the order of the ULIDs. The station reads by keyspace notifications where the server's
// notify-keyspace-events suffice, or where there is consent to add to them (Options.AllowConfig); Close puts back what
// was there, and only a process that is killed outright leaves it. Without, it looks at all keys again and again with
// SCAN. Strings beyond Options.Body are read in part, hashes beyond it not at all: their size shows.
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
// A stream's entry of any size has to come through the connection whole, because Redis cannot be asked for its size or
// for a part: all but its beginning is read past and never held. XINFO STREAM brings the first and last entry, too, and is
// asked the more rarely the larger they are.
//
// All channels share one connection, in a cluster each slot of sharded channels has one; each open stream has one of its
// own, and all else goes through go-redis's pool.
package redisbus

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/resp"
)

// Bus is a connection to one server. It is safe for use from any goroutine.
type Bus struct {
	options Options
	server  *redis.Options // as the URL says
	fleet   *fleet
	greets  resp.Greeting
	pace    pace
	client  redis.UniversalClient

	ctx   context.Context // ends with Close
	stop  context.CancelFunc
	wg    sync.WaitGroup
	ended chan struct{} // closed when Close is done

	mu      sync.Mutex // guards what follows
	info    bus.Info
	notices chan bus.Notice
	closing bool

	breaks  atomic.Int64 // how often the link broke
	rounds  sync.Map     // how long the newest look at all keys of a pattern took
	held    atomic.Int64 // bytes that all channels' feeds hold
	lines   *lines
	search  *search
	places  *places
	desk    *desk
	consent *consent
	roll    *roll
}

var (
	_ bus.Bus            = (*Bus)(nil)
	_ bus.Publisher      = (*Bus)(nil)
	_ bus.ConsumerLister = (*Bus)(nil)
	_ bus.Getter         = (*Bus)(nil)
	_ bus.Worker         = (*Bus)(nil)
	_ bus.Maker          = (*Bus)(nil)
	_ bus.Keeper         = (*Bus)(nil)
	_ bus.Operator       = (*Bus)(nil)
	_ bus.Examiner       = (*Bus)(nil)
	_ bus.Tracker        = (*Bus)(nil)
)

// pace is how often the server is asked what it does not tell by itself.
type pace struct {
	poll   time.Duration // between two looks at all keys
	review time.Duration // whether the server still tells of keys
	roll   time.Duration // who subscribes
	dead   time.Duration // how long a member must have been idle to be taken for dead
}

var usualPace = pace{poll: 2 * time.Second, review: 5 * time.Second, roll: 5 * time.Second, dead: 10 * time.Second}

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
	restored := b.consent.withdraw()
	b.stop()
	err := b.client.Close() // ends what waits for an answer
	b.wg.Wait()
	b.desk.close()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.info.Link, b.info.Since, b.info.Detail = bus.Closed, time.Now(), ""
	close(b.notices)
	return errors.Join(restored, err)
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
	a, m := b.greets.Numbers()
	return a > major || a == major && m >= minor
}

// Open implements bus.Bus.
func (b *Bus) Open(ctx context.Context, station bus.Station, from bus.From) (bus.Feed, error) {
	if b.ctx.Err() != nil {
		return nil, fmt.Errorf("open %s: %w", station.Name, fault.ErrClosed)
	}
	feed, err := b.open(ctx, station, from)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", station.Name, err)
	}
	b.places.note(station.Kind, rawName(station))
	return feed, nil
}

func (b *Bus) open(ctx context.Context, station bus.Station, from bus.From) (bus.Feed, error) {
	switch station.Kind {
	case bus.Log:
		return b.openLog(ctx, station, from)
	case bus.Channel, bus.Pattern, bus.Sharded:
		return b.lines.open(ctx, topic{station.Kind, rawName(station)})
	case bus.Keys:
		return b.openKeys(ctx, station, from)
	}
	return nil, fmt.Errorf("a %s cannot be read on Redis", station.Kind)
}
