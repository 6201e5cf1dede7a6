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
// found at once is put in the order of the ULIDs; what
// was there before and is overwritten is of the time when that was seen. The station reads by keyspace notifications where the server's
// notify-keyspace-events suffice, or where there is consent to add to them (Options.AllowConfig); Close puts back what
// was there, and only a process that is killed outright leaves it. Without, it looks at all keys again and again with
// SCAN. Strings beyond Options.Body are read in part, hashes beyond it not at all: their size shows.
//
// Find groups the keys of the database by their names, with a budget a call, so that those can be offered whose values look
// like events. It reads two values of a group.
//
// Messages. On a channel the payload is Data, and there are no headers and no positions. A stream's entry is a list of
// fields. Where one of them is called data, payload, body, event, message or value and holds a JSON object or array, or
// is the only field, that one is Data and the others are Headers. Any other entry is Data as a JSON object of its
// fields, all of them strings as they are in Redis.
//
// What may be missed. Redis keeps nothing of a channel: whatever was published while the connection was away is gone,
// and a Gap says when. A stream is read on from the next ID; entries that were trimmed or deleted before they were read are
// counted from what the server has added in all (Redis 7 and later), while messages flow. Their Gap lies between the entry
// that came before it and the one that came after it, by their IDs and the times of these. How many were lost with a key that
// was deleted is not known, nor, until a stream is read to its end, how many of its entries were deleted one by one.
//
// A stream's entry of any size has to come through the connection whole, because Redis cannot be asked for its size or
// for a part: all but its beginning is read past and never held. XINFO STREAM brings the first and last entry, too, and is
// asked the more rarely the larger they are.
//
// Connections. All open streams share one, in a cluster one for each server; all channels share one, in a cluster each slot of
// sharded channels has one. All else goes through go-redis's pool. How many
// they are together depends on how many clients the server takes: eight at most.
//
// Contract. All methods of a Bus may be called from any goroutine. Those with a context block on the network until it ends
// at the latest; Info, Notices, Levers and Standing never block. Only Publish, Work, Make, Put and Pull write. Close waits
// for every goroutine of the bus. What is inside lies in packages below internal: resp reads the protocol, servers finds and
// reaches the servers, session is what feeds need of a bus, and channels, streams, groups and keys are one kind of station
// each.
package redisbus

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/channels"
	"signalbox/bus/redisbus/internal/examination"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/groups"
	"signalbox/bus/redisbus/internal/keys"
	"signalbox/bus/redisbus/internal/names"
	"signalbox/bus/redisbus/internal/servers"
	"signalbox/bus/redisbus/internal/session"
	"signalbox/bus/redisbus/internal/streams"
)

// Bus is a connection to one server, or to those of a cluster.
type Bus struct {
	client  string // the name of the connections
	redis   redis.UniversalClient
	servers *servers.Servers
	session *session.Session
	close   sync.Once

	channels  *channels.Channels
	search    *streams.Search
	inspector *streams.Inspector
	readers   *streams.Readers
	groups    *groups.Groups
	keys      *keys.Keys
	finder    *keys.Finder
	known     *known
	many      many
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
	_ bus.Finder         = (*Bus)(nil)

	_ bus.DeadLetterLister = (*Bus)(nil)
)

// Info implements bus.Bus.
func (b *Bus) Info() bus.Info { return b.session.Info() }

// Notices implements bus.Bus.
func (b *Bus) Notices() <-chan bus.Notice { return b.session.Notices() }

// Close implements bus.Bus. It first puts back the settings that were changed.
func (b *Bus) Close() error {
	var err error
	b.close.Do(func() {
		err = errors.Join(b.keys.Settings.Restore(), b.session.Close())
		b.inspector.Close()
	})
	return err
}

// Open implements bus.Bus.
func (b *Bus) Open(ctx context.Context, station bus.Station, from bus.From) (bus.Feed, error) {
	name := names.Raw(station)
	ctx, cancel := b.session.During(ctx)
	defer cancel()
	var feed bus.Feed
	var err error
	switch {
	case b.session.Ended():
		err = fault.ErrClosed
	case station.Kind == bus.Log:
		feed, err = b.readers.Open(ctx, station.Name, name, from)
	case station.Kind == bus.Channel, station.Kind == bus.Pattern, station.Kind == bus.Sharded:
		feed, err = b.channels.Open(ctx, channels.Topic{Kind: station.Kind, Name: name})
	case station.Kind == bus.Keys:
		feed, err = b.keys.Open(ctx, station.Name, name, from)
	default:
		err = fmt.Errorf("a %s cannot be read on Redis", station.Kind)
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", station.Name, err)
	}
	b.known.add(station.Kind, name)
	return feed, nil
}

// Find implements bus.Finder.
func (b *Bus) Find(ctx context.Context) ([]bus.Found, bool, error) {
	ctx, cancel := b.session.During(ctx)
	defer cancel()
	if b.session.Ended() {
		return nil, false, fault.ErrClosed
	}
	return b.finder.Find(ctx)
}

// Examine implements bus.Examiner.
func (b *Bus) Examine(ctx context.Context) []bus.Finding {
	ctx, cancel := b.session.During(ctx)
	defer cancel()
	return examination.Of(ctx, b.session, b.keys.Settings, b.client)
}
