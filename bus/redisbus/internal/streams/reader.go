package streams

import (
	"context"
	"errors"
	"fmt"
	"time"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/bus/redisbus/internal/entries"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/resp"
	"signalbox/bus/redisbus/internal/servers"
)

// reader reads many streams of one server by one connection. All but what Readers guards belongs to its goroutine.
type reader struct {
	readers *Readers
	addr    string // of a cluster's server; "" for the one there is
	done    chan struct{}
	wake    chan struct{} // capacity 1: a stream was added
	life    context.Context
	stop    context.CancelFunc

	count   int     // guarded by Readers: how many feeds it has
	coming  []*feed // likewise: those that it has not seen yet
	changed bool    // likewise: some are not its own any more

	concludes bool // likewise: see Readers.concludes

	feeds   []*feed
	active  []*feed   // those that were read from of late
	nextAll time.Time // when all are read again, and not the active ones alone
	added   time.Time // when a stream was added last
	turn    int       // which of those that lag come first
	idle    time.Duration

	steps   []step
	args    []string
	builder entries.Builder
	fields  []entries.Field // of the entry that is read
	alike   oneField        // of the newest entry that had one field
}

func newReader(x *Readers, addr string) *reader {
	r := &reader{readers: x, addr: addr, done: make(chan struct{}), wake: make(chan struct{}, 1)}
	r.life, r.stop = context.WithCancel(context.Background())
	return r
}

// wakeUp has it look for new streams, unless it waits for the server.
func (r *reader) wakeUp() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// run is the goroutine. It ends with the session, and with the reader's last stream.
func (r *reader) run(session context.Context) {
	ctx, cancel := context.WithCancel(session)
	defer goroutine.AfterFunc(r.life, "what ends a reader of streams", cancel)()
	defer close(r.done)
	defer cancel()
	defer r.readers.end(ctx, r)
	s := r.readers.session
	broken, breaks := error(nil), int64(0)
	for {
		c := r.connect(ctx)
		if c == nil {
			return
		}
		if broken != nil && s.Breaks() == breaks {
			s.Notify(bus.Warn, r.station(), "reading %s was interrupted: %s", r.what(), fault.Words(broken))
		}
		breaks = s.Breaks()
		stop := goroutine.AfterFunc(ctx, "what closes a connection", c.Close)
		broken = r.readAll(ctx, c)
		stop()
		c.Close()
		if ctx.Err() != nil {
			return
		}
		for _, f := range r.feeds {
			f.resume()
		}
		r.nextAll = time.Time{}
	}
}

// what is what is read, in words; station is the one of it, if there is one alone.
func (r *reader) what() string {
	if len(r.feeds) == 1 {
		return r.feeds[0].key
	}
	return fmt.Sprintf("%d streams", len(r.feeds))
}

func (r *reader) station() string {
	if len(r.feeds) == 1 {
		return r.feeds[0].station
	}
	return ""
}

// lastRetry is how long to wait at most between two attempts to connect.
const lastRetry = 2 * time.Second

// connect connects, and tries until that works or ctx ends: then it returns nil. Streams that are at another server of the
// cluster by then are given away.
func (r *reader) connect(ctx context.Context) *resp.Conn {
	s, said := r.readers.session, ""
	for wait := servers.FirstRetry; ; wait = min(2*wait, lastRetry) {
		attempt, cancel := context.WithTimeout(ctx, servers.DialTimeout)
		var c *resp.Conn
		var err error
		if r.addr == "" {
			c, err = s.Servers.Dial(attempt, "")
		} else {
			c, err = s.Servers.DialAt(attempt, r.addr)
		}
		cancel()
		if err == nil || ctx.Err() != nil {
			return c
		}
		if r.addr != "" {
			r.relocate(ctx)
		} else if text := err.Error(); s.Live() && text != said {
			said = text
			s.Notify(bus.Warn, "", "no connection to read streams by: %s; trying again", text)
		}
		if !servers.Pause(ctx, wait) {
			return nil
		}
	}
}

// relocate gives away the streams that are at other servers of the cluster now.
func (r *reader) relocate(ctx context.Context) {
	all := r.readers.session.Servers
	all.Failed(ctx, r.addr)
	r.adopt()
	for _, f := range r.feeds {
		if addr, err := all.Locate(ctx, f.key); err == nil && addr != r.addr {
			r.readers.move(f, r, fault.Redirect{Addr: addr})
		}
	}
}

// readAll reads until the connection breaks or ctx ends.
func (r *reader) readAll(ctx context.Context, c *resp.Conn) error {
	c.Limit, c.Ping = longestBlock+servers.DialTimeout, nil
	for ctx.Err() == nil {
		if err := r.round(ctx, c); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// lost tells whether an error is about the connection, or about the server not being the one to read from any more.
func lost(err error) bool {
	return fault.Answer(err) == "" || fault.Demoted(err) || fault.Loading(err)
}

// refused does about a stream what the server's refusal says.
func (r *reader) refused(f *feed, refusal error, c *resp.Conn) {
	if to, sent := fault.Redirected(refusal, c.Addr); sent && r.addr != "" {
		r.readers.session.Servers.Failed(r.life, "") // what is known of the cluster is out of date
		r.readers.move(f, r, to)
		return
	}
	f.Warn("reading "+f.key, fault.Explain(refusal))
	if fault.WrongType(refusal) {
		f.gone("is of another type now", time.Now())
	}
	f.pause, f.suspect = time.Now().Add(waitRefused), true
}

// answered is the refusal that an error is, if it is one that does not end the connection.
func answered(err error) (resp.Error, bool) {
	var refusal resp.Error
	return refusal, errors.As(err, &refusal) && !lost(err)
}
