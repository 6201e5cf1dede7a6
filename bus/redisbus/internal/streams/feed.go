// Package streams reads Redis streams by XREAD, without a group, and says which streams there are and what they hold.
//
// A feed has a connection and a goroutine of its own. It reads on only while its reader takes what there is, so nothing is
// lost: the stream keeps the rest. Entries that were trimmed or deleted before they were read are a Gap, counted from what
// the server has added in all (Redis 7 and later). An Inspector and a Search are used by one caller at a time; others wait.
package streams

import (
	"context"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/bus/redisbus/internal/entries"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/resp"
	"signalbox/bus/redisbus/internal/session"
)

// feed is one stream that is read. All but what session.Feed has belongs to the goroutine.
type feed struct {
	session.Feed
	session *session.Session
	key     string
	station string // its name

	next     bus.Position // the ID after which reading goes on: that of the entry read last, or one before the start
	target   bus.Position // the newest entry when the connection was made
	caughtUp bool         // all up to target was read
	audit    audit
	to       fault.Redirect // where a server has sent us
	resuming bool           // the connection is new: what was missed meanwhile comes first

	builder entries.Builder
	fields  []entries.Field // of the entry that is read
	average int             // bytes of an entry
}

// Open starts to read a stream. It returns when the server has shown that it lets us.
func Open(ctx context.Context, s *session.Session, station, key string, from bus.From) (bus.Feed, error) {
	f := &feed{Feed: session.NewFeed(s, station), session: s, key: key, station: station, average: 256}
	c, err := f.dial(ctx)
	if err != nil {
		return nil, err
	}
	stop := goroutine.AfterFunc(ctx, "what closes a connection", c.Close)
	err = f.prepare(ctx, c, from)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err == nil && !f.Start(func(life context.Context) { f.run(life, c) }) {
		err = fault.ErrClosed
	}
	if err != nil {
		c.Close()
		return nil, fault.Explain(err)
	}
	return f, nil
}

// run is the goroutine.
func (f *feed) run(ctx context.Context, c *resp.Conn) {
	for {
		breaks := f.session.Breaks()
		stop := goroutine.AfterFunc(ctx, "what closes a connection", c.Close)
		err := f.readAll(ctx, c)
		stop()
		c.Close()
		if ctx.Err() != nil {
			return
		}
		if c = f.session.Servers.Redial(ctx, f.key, f.redirect(), func(error) {}); c == nil {
			return
		}
		if _, sent := fault.Redirected(err, ""); sent {
			f.session.Notify(bus.Say, f.station, "%s is read from %s now: its slot moved there, or is on its way", f.key, c.Addr)
		} else if f.session.Breaks() == breaks {
			f.Warn("reading "+f.key+" was interrupted", err)
		}
		f.caughtUp, f.resuming = false, true
	}
}

// redirect is where to connect to, once.
func (f *feed) redirect() fault.Redirect {
	to := f.to
	f.to = fault.Redirect{}
	return to
}

// maxRedirects bounds how often a new connection is sent on.
const maxRedirects = 5

// dial connects to the server that has the stream, also while its slot is moving.
func (f *feed) dial(ctx context.Context) (*resp.Conn, error) {
	for left := maxRedirects; ; left-- {
		c, err := f.session.Servers.Follow(ctx, f.key, f.redirect())
		if err != nil {
			return nil, err
		}
		stop := goroutine.AfterFunc(ctx, "what closes a connection", c.Close)
		err = probe(c, f.key)
		stop()
		var sent bool
		if f.to, sent = fault.Redirected(err, c.Addr); !sent || left == 0 {
			return c, nil // prepare will find out what else is wrong
		}
		c.Close()
	}
}

// probe asks for what no stream has, to see whether the stream may be read.
func probe(c *resp.Conn, key string) error {
	return c.Do("XREAD", "COUNT", "1", "STREAMS", key, entries.ID(newest))
}

// lost tells whether an error is about the connection, or about the server not being the one for this stream any more.
func (f *feed) lost(err error, c *resp.Conn) bool {
	var sent bool
	if f.to, sent = fault.Redirected(err, c.Addr); sent {
		return true
	}
	return fault.Answer(err) == "" || fault.Demoted(err)
}
