package redisbus

import (
	"context"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/resp"
)

// logFeed is one stream being read, on a connection of its own. Its goroutine reads on only while its reader takes
// what there is, so that nothing is lost: the stream keeps the rest.
type logFeed struct {
	outlet
	key string

	// What follows belongs to the goroutine.
	next     bus.Position // the entry read last, or what stands for it: reading goes on after it
	target   bus.Position // the newest entry when the connection was made
	caughtUp bool
	fields   []field // of the entry that is being read,
	scratch  scratch // and their bytes
	entry    int     // average bytes of an entry
	account  account
	to       fault.Redirect
	resuming bool // on a new connection: the account comes first
}

// openLog starts reading a stream. It returns when the server has shown that it lets us.
func (b *Bus) openLog(ctx context.Context, station bus.Station, from bus.From) (bus.Feed, error) {
	key := rawName(station)
	f := &logFeed{outlet: newOutlet(b, station.Name), key: key, entry: 256}
	c, err := f.dial(ctx)
	if err != nil {
		return nil, err
	}
	guard := context.AfterFunc(ctx, c.Close)
	err = f.prepare(ctx, c, from)
	if !guard() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		c.Close()
		return nil, fault.Explain(err)
	}
	if !f.start(func(life context.Context) { f.run(life, c) }) {
		c.Close()
		return nil, fault.ErrClosed
	}
	return f, nil
}

// run is the feed's goroutine.
func (f *logFeed) run(ctx context.Context, c *resp.Conn) {
	for {
		breaks := f.bus.breaks.Load()
		stop := context.AfterFunc(ctx, c.Close)
		err := f.follow(ctx, c)
		stop()
		c.Close()
		if ctx.Err() != nil {
			return
		}
		if c = f.bus.redial(ctx, f.where, func(error) {}); c == nil {
			return
		}
		if _, sent := fault.Redirected(err, ""); sent {
			f.bus.say(bus.Say, f.name, "%s is read from %s now: its slot moved there, or is on its way", f.key, c.Addr)
		} else if f.bus.breaks.Load() == breaks {
			f.tell("reading "+f.key+" was interrupted", err)
		}
		f.caughtUp, f.resuming = false, true
	}
}

// where is the key's server, or the one that another has named for it.
func (f *logFeed) where() (string, fault.Redirect) {
	to := f.to
	f.to = fault.Redirect{}
	return f.key, to
}

// maxRedirects bounds how often a new connection is sent on.
const maxRedirects = 5

// dial connects to the server that has the stream, also while its slot is moving.
func (f *logFeed) dial(ctx context.Context) (*resp.Conn, error) {
	for left := maxRedirects; ; left-- {
		c, err := f.bus.follow(ctx, f.where)
		if err != nil {
			return nil, err
		}
		stop := context.AfterFunc(ctx, c.Close)
		err = c.Do("XREAD", "COUNT", "1", "STREAMS", f.key, idOf(newest))
		stop()
		var sent bool
		if f.to, sent = fault.Redirected(err, c.Addr); !sent || left == 0 {
			return c, nil // whatever else is wrong, reading will say
		}
		c.Close()
	}
}

// lost tells whether an error is about the connection, or about the server not being the one for this stream any more.
func (f *logFeed) lost(err error, c *resp.Conn) bool {
	var sent bool
	if f.to, sent = fault.Redirected(err, c.Addr); sent {
		return true
	}
	return fault.Answer(err) == "" || fault.Demoted(err)
}
