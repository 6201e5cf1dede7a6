package redisbus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"signalbox/bus"
)

// How a stream is read: at most so many entries and about so many bytes an answer, so that neither side holds much;
// waiting shortly while the account is open, else long.
const (
	readEntries = 2000
	readBytes   = 1 << 20
	waitBusy    = time.Second
	waitIdle    = 5 * time.Second
	waitRefused = time.Second
)

// logFeed is one stream being read, on a connection of its own. Its goroutine reads on only while its reader takes
// what there is, so that nothing is lost: the stream keeps the rest.
type logFeed struct {
	bus     *Bus
	key     string
	name    string // of the station
	batches chan *bus.Batch
	stop    context.CancelFunc
	ended   chan struct{} // closed when the goroutine has returned

	// What follows belongs to the goroutine.
	next     bus.Position // the entry read last, or what stands for it: reading goes on after it
	target   bus.Position // the newest entry when the connection was made
	caughtUp bool
	parcel   *parcel
	fields   []field
	entry    int // average bytes of an entry
	account  account
	trouble  string // what the user was told of last
}

// openLog starts reading a stream. It returns when the server has shown that it lets us.
func (b *Bus) openLog(ctx context.Context, station bus.Station, from bus.From) (bus.Feed, error) {
	key := rawName(station)
	c, _, err := b.dial(ctx)
	if err != nil {
		return nil, err
	}
	f := &logFeed{bus: b, key: key, name: station.Name, batches: make(chan *bus.Batch, 1), ended: make(chan struct{}), entry: 256}
	guard := context.AfterFunc(ctx, c.close)
	err = f.start(ctx, c, from)
	if !guard() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		c.close()
		return nil, graded(err)
	}
	var life context.Context
	life, f.stop = context.WithCancel(b.ctx)
	if !b.spawn(func() { f.run(life, c) }) {
		f.stop()
		c.close()
		return nil, errClosed
	}
	return f, nil
}

// Next implements bus.Feed.
func (f *logFeed) Next(ctx context.Context) (*bus.Batch, error) {
	select {
	case <-f.ended:
		return nil, io.EOF
	default:
	}
	select {
	case batch := <-f.batches:
		return batch, nil
	case <-f.ended:
		return nil, io.EOF
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Close implements bus.Feed.
func (f *logFeed) Close() error {
	f.stop()
	<-f.ended
	return nil
}

// run is the feed's goroutine.
func (f *logFeed) run(ctx context.Context, c *conn) {
	defer close(f.ended)
	defer f.stop()
	for {
		breaks := f.bus.breaks.Load()
		stop := context.AfterFunc(ctx, c.close)
		err := f.follow(ctx, c)
		stop()
		c.close()
		if ctx.Err() != nil {
			return
		}
		if c = f.bus.redial(ctx, func(error) {}); c == nil {
			return
		}
		if f.bus.breaks.Load() == breaks {
			f.tell("reading "+f.key+" was interrupted", err)
		}
		f.caughtUp = false
		f.audit(ctx)
	}
}

// follow reads until the connection breaks or ctx ends.
func (f *logFeed) follow(ctx context.Context, c *conn) error {
	c.limit, c.pulse = waitIdle+dialTimeout, nil
	for {
		f.atTarget()
		if !f.flush(ctx) {
			return ctx.Err()
		}
		n, err := f.read(ctx, c)
		var refusal replyError
		if errors.As(err, &refusal) {
			f.refused(refusal)
			if !pause(ctx, waitRefused) {
				return ctx.Err()
			}
			continue
		}
		if err != nil {
			return err
		}
		if n == 0 && !f.caughtUp { // the newest entries were deleted meanwhile
			f.target = f.next
			continue
		}
		f.atTarget()
		if !f.flush(ctx) {
			return ctx.Err()
		}
		if f.account.due() || n == 0 && f.stale(ctx) {
			f.audit(ctx)
		}
	}
}

// atTarget marks the parcel when all that was there has been read.
func (f *logFeed) atTarget() {
	if !f.caughtUp && !f.next.Less(f.target) {
		f.caughtUp = true
		f.filling().batch.CaughtUp = true
	}
}

// read asks once for what follows and takes the answer in. It returns the number of entries.
func (f *logFeed) read(ctx context.Context, c *conn) (int, error) {
	count := min(max(readBytes/f.entry, 1), readEntries)
	args := []string{"XREAD", "COUNT", strconv.Itoa(count)}
	if f.caughtUp {
		wait := waitIdle
		if f.account.open() {
			wait = waitBusy
		}
		args = append(args, "BLOCK", strconv.FormatInt(wait.Milliseconds(), 10))
	}
	if err := c.send(append(args, "STREAMS", f.key, idOf(f.next))...); err != nil {
		return 0, err
	}
	n, err := f.answer(ctx, &c.in)
	if n > 0 {
		f.trouble = ""
	}
	return n, err
}

// answer reads one answer to XREAD: nil, or one stream with its entries.
func (f *logFeed) answer(ctx context.Context, in *reader) (int, error) {
	streams, err := in.array()
	if err != nil || streams <= 0 {
		return 0, err
	}
	if err := in.want(2); err != nil {
		return 0, err
	}
	if _, err := in.word(); err != nil {
		return 0, err
	}
	entries, err := in.array()
	if err != nil {
		return 0, err
	}
	for i := range entries {
		if err := f.take(in); err != nil {
			return int(i), err
		}
		if f.parcel.full() && !f.flush(ctx) {
			return int(i) + 1, ctx.Err()
		}
	}
	return int(entries), nil
}

// take reads one entry.
func (f *logFeed) take(in *reader) error {
	if err := in.want(2); err != nil {
		return err
	}
	id, err := in.word()
	if err != nil {
		return err
	}
	at, err := parseID(id)
	if err != nil {
		return err
	}
	count, err := in.array()
	if err != nil {
		return err
	}
	p, bytes := f.filling(), 0
	f.fields = f.fields[:0]
	for range count / 2 {
		var x field
		if x.name, _, err = f.bytes(p, in, maxName); err != nil {
			return err
		}
		if x.value, x.size, err = f.bytes(p, in, f.bus.options.Body); err != nil {
			return err
		}
		bytes += len(x.name) + x.size
		f.fields = append(f.fields, x)
	}
	p.addEntry(f.key, at, f.fields, in.at)
	f.next, f.account.newest = at, at
	f.account.read, f.account.present = f.account.read+1, true
	f.entry += (bytes - f.entry) / 8
	return nil
}

// bytes reads a string into a parcel, at most keep bytes of it, and tells its true size.
func (f *logFeed) bytes(p *parcel, in *reader, keep int64) ([]byte, int, error) {
	t, err := in.next()
	if err != nil {
		return nil, 0, err
	}
	if t.kind != '$' || t.n < 0 {
		return nil, 0, fmt.Errorf("%w: %q where a field belongs", errProtocol, t.kind)
	}
	data, own, err := in.bulk(t.n, keep)
	return p.keep(data, own), int(t.n), err
}

func (f *logFeed) filling() *parcel {
	if f.parcel == nil {
		f.parcel = newParcel()
	}
	return f.parcel
}

// flush hands the parcel to the reader and waits until it has room. It reports false when ctx ended first.
func (f *logFeed) flush(ctx context.Context) bool {
	p := f.parcel
	if p == nil || p.empty() && !p.batch.CaughtUp {
		return true
	}
	f.parcel = nil
	select {
	case f.batches <- p.hand():
		return true
	case <-ctx.Done():
		return false
	}
}

// tell warns the user, once for each trouble.
func (f *logFeed) tell(what string, err error) {
	text := what + ": " + broken(err)
	if text != f.trouble {
		f.trouble = text
		f.bus.say(bus.Warn, f.name, "%s", text)
	}
}
