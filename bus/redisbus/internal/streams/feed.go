// Package streams reads Redis streams by XREAD, without a group, and says which streams there are and what they hold.
//
// All open streams share one connection and one goroutine, a reader; in a cluster there is one for each server that has some
// of them. A reader asks for as much of a stream as its feed has room for, and leaves out those that have none, so nothing is
// lost: the stream keeps the rest. Entries that were trimmed or deleted before they were read are a Gap, counted from what
// the server has added in all (Redis 7 and later). An Inspector and a Search are used by one caller at a time; others wait.
package streams

import (
	"context"
	"sync/atomic"
	"time"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/bus/redisbus/internal/entries"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/resp"
	"signalbox/bus/redisbus/internal/session"
)

// feed is one stream that is read. All but what session.Feed has, and reader and closed, belongs to the goroutine of its
// reader.
type feed struct {
	session.Feed
	session *session.Session
	readers *Readers
	key     string
	station string // its name

	next     bus.Position // the ID after which reading goes on: that of the entry read last, or one before the start
	target   bus.Position // the newest entry when the connection was made
	caughtUp bool         // all up to target was read
	audit    audit
	asking   bool // the slot is moving to the server: each command has to say ASKING first

	count   int      // entries of an answer at most
	average int      // bytes of an entry
	more    bool     // the newest answer was as long as it might be: there may be more
	full    bool     // the queue had no room
	filled  bool     // it had none once: answers grow slowly
	skip    bool     // the answer that comes is about another position
	again   struct { // what was read already of a stream that is read from its beginning
		there    bool
		from, to bus.Position // from the one up to the other
	}

	twin    bool      // the reader has another feed of the same stream
	suspect bool      // reading it together with others may have failed because of it
	pause   time.Time // it was refused: not to be read before

	concludes atomic.Bool // what was lost is to be told, see bus.Concluder
	checked   bool        // the server was asked since

	reader *reader // guarded by Readers
	closed bool    // likewise
}

// firstCount is how many entries the first answer has at most: nobody knows yet how large they are.
const firstCount = 100

func newFeed(readers *Readers, station, key string) *feed {
	return &feed{Feed: session.NewFeed(readers.session, station), session: readers.session, readers: readers, key: key, station: station,
		count: firstCount, average: 256}
}

// Open starts to read a stream. It returns when the server has shown that it lets us.
func (x *Readers) Open(ctx context.Context, station, key string, from bus.From) (bus.Feed, error) {
	f := newFeed(x, station, key)
	addr := ""
	err := x.inspector.use(ctx, key, func(c *resp.Conn) error {
		addr = c.Addr
		return f.prepare(ctx, c, from)
	})
	if to, sent := fault.Redirected(err, addr); sent {
		addr, err = f.follow(ctx, to, from)
	}
	if err == nil && !x.add(f, addr) {
		err = fault.ErrClosed
	}
	if err != nil {
		return nil, fault.Explain(err)
	}
	return f, nil
}

// maxRedirects bounds how often a new connection is sent on.
const maxRedirects = 5

// follow prepares reading at the server to which another has sent us, and tells its address.
func (f *feed) follow(ctx context.Context, to fault.Redirect, from bus.From) (addr string, err error) {
	for range maxRedirects {
		var c *resp.Conn
		if c, err = f.session.Servers.Follow(ctx, f.key, to); err != nil {
			return "", err
		}
		stop := goroutine.AfterFunc(ctx, "what closes a connection", c.Close)
		err = f.prepare(ctx, c, from)
		stop()
		c.Close()
		var sent bool
		if f.asking, addr = to.Ask, c.Addr; err == nil {
			return addr, nil
		}
		if to, sent = fault.Redirected(err, c.Addr); !sent {
			return "", err
		}
	}
	return "", err
}

// probe asks for what no stream has, to see whether the stream may be read.
func probe(c *resp.Conn, key string) error {
	return c.Do("XREAD", "COUNT", "1", "STREAMS", key, entries.ID(newest))
}

// Close implements bus.Feed.
func (f *feed) Close() error {
	f.readers.remove(f)
	f.Queue.Close()
	return nil
}

// Conclude implements bus.Concluder.
func (f *feed) Conclude() {
	f.concludes.Store(true)
	f.readers.conclude(f)
}

// conclude says that what was lost is told, if that was asked for and the server was asked since, once all is read that there was
// then. In the middle of a stream it does not tell how many of the entries before are gone: that is known at its end, which
// may be far.
func (f *feed) conclude() {
	if f.checked && (!f.caughtUp || f.audit.latest == nil || !f.next.Less(f.audit.latest.Last)) {
		f.checked = false
		f.concludes.Store(false)
		f.Queue.Concluded()
	}
}

// lags tells whether there is more to be read at once.
func (f *feed) lags() bool { return !f.caughtUp || f.more }

// alone tells whether the stream is read by a command of its own.
func (f *feed) alone() bool { return f.twin || f.suspect }

// resume begins anew after the connection broke: what was missed meanwhile comes first.
func (f *feed) resume() {
	f.caughtUp, f.suspect, f.pause = false, false, time.Time{}
	f.audit.resume()
}

// noteCaughtUp tells the reader once all that was there has been read.
func (f *feed) noteCaughtUp() {
	if !f.caughtUp && !f.next.Less(f.target) {
		f.caughtUp = true
		f.Queue.CaughtUp()
	}
}

// hasRoom tells whether the queue may have room again.
func (f *feed) hasRoom() bool {
	if f.full {
		select {
		case <-f.Queue.Room():
			f.full = false
		default:
		}
	}
	return !f.full
}
