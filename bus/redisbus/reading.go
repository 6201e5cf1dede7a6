package redisbus

import (
	"context"
	"errors"
	"fmt"
	"signalbox/bus/redisbus/internal/resp"
	"strconv"
	"time"
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

// follow reads until the connection breaks or ctx ends.
func (f *logFeed) follow(ctx context.Context, c *resp.Conn) error {
	c.Limit, c.Ping = waitIdle+dialTimeout, nil
	if f.resuming {
		if err := f.audit(c); err != nil {
			return err
		}
		f.resuming = false
	}
	for {
		f.atTarget()
		if !f.flush(ctx) {
			return ctx.Err()
		}
		n, err := f.read(ctx, c)
		var refusal resp.Error
		switch {
		case err == nil:
		case f.lost(err, c) || !errors.As(err, &refusal):
			return err
		default:
			f.refused(refusal)
			if !pause(ctx, waitRefused) {
				return ctx.Err()
			}
			continue
		}
		if n == 0 && !f.caughtUp { // the newest entries were deleted meanwhile
			f.target = f.next
			continue
		}
		f.atTarget()
		if !f.flush(ctx) {
			return ctx.Err()
		}
		if err := f.review(c, n == 0); err != nil {
			return err
		}
	}
}

// review audits the stream when that is due.
func (f *logFeed) review(c *resp.Conn, idle bool) error {
	due := f.account.due()
	if !due && idle {
		var err error
		if due, err = f.stale(c); err != nil && f.lost(err, c) {
			return err
		}
	}
	if due {
		return f.audit(c)
	}
	return nil
}

// atTarget marks the batch when all that was there has been read.
func (f *logFeed) atTarget() {
	if !f.caughtUp && !f.next.Less(f.target) {
		f.caughtUp = true
		f.filling().CaughtUp = true
	}
}

// read asks once for what follows and takes the answer in. It returns the number of entries.
func (f *logFeed) read(ctx context.Context, c *resp.Conn) (int, error) {
	count := min(max(readBytes/f.entry, 1), readEntries)
	args := []string{"XREAD", "COUNT", strconv.Itoa(count)}
	if f.caughtUp {
		wait := waitIdle
		if f.account.open() {
			wait = waitBusy
		}
		args = append(args, "BLOCK", strconv.FormatInt(wait.Milliseconds(), 10))
	}
	if err := c.Send(append(args, "STREAMS", f.key, idOf(f.next))...); err != nil {
		return 0, err
	}
	n, err := f.answer(ctx, c.In)
	if n > 0 {
		f.trouble = ""
	}
	return n, err
}

// answer reads one answer to XREAD: nil, or one stream with its entries.
func (f *logFeed) answer(ctx context.Context, in *resp.Reader) (int, error) {
	streams, err := in.Array()
	if err != nil || streams <= 0 {
		return 0, err
	}
	if err := in.Pair(); err != nil {
		return 0, err
	}
	if _, err := in.Word(); err != nil {
		return 0, err
	}
	entries, err := in.Array()
	if err != nil {
		return 0, err
	}
	for i := range entries {
		if err := f.take(in); err != nil {
			return int(i), err
		}
		if f.full() && !f.flush(ctx) {
			return int(i) + 1, ctx.Err()
		}
	}
	return int(entries), nil
}

// take reads one entry.
func (f *logFeed) take(in *resp.Reader) error {
	if err := in.Pair(); err != nil {
		return err
	}
	id, err := in.Word()
	if err != nil {
		return err
	}
	at, err := parseID(id)
	if err != nil {
		return err
	}
	count, err := in.Array()
	if err != nil {
		return err
	}
	bytes := 0
	f.fields = f.fields[:0]
	f.scratch.reset()
	for range count / 2 {
		var x field
		if x.name, _, err = f.bytes(in, resp.MaxWord); err != nil {
			return err
		}
		if x.value, x.size, err = f.bytes(in, f.bus.options.Body); err != nil {
			return err
		}
		bytes += len(x.name) + x.size
		f.fields = append(f.fields, x)
	}
	m := f.scratch.message(f.key, at, f.fields, in.Arrived)
	f.filling().Add(&m)
	f.next, f.account.newest = at, at
	f.account.read, f.account.present = f.account.read+1, true
	f.entry += (bytes - f.entry) / 8
	return nil
}

// bytes reads a string, at most keep bytes of it, and tells its true size.
func (f *logFeed) bytes(in *resp.Reader, keep int64) ([]byte, int, error) {
	t, err := in.Next()
	if err != nil {
		return nil, 0, err
	}
	if t.Kind != '$' || t.N < 0 {
		return nil, 0, fmt.Errorf("%w: %q where a field belongs", resp.ErrProtocol, t.Kind)
	}
	data, own, err := in.Bulk(t.N, keep)
	return f.scratch.keep(data, own), int(t.N), err
}
