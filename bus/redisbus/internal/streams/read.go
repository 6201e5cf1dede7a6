package streams

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"signalbox/bus/redisbus/internal/entries"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/resp"
	"signalbox/bus/redisbus/internal/servers"
)

// How a stream is read: at most so many entries and about so many bytes an answer, so that neither side holds much; the
// server waits shortly for new entries while a check is due soon, else long.
const (
	readEntries = 2000
	readBytes   = 1 << 20
	waitBusy    = time.Second
	waitIdle    = 5 * time.Second
	waitRefused = time.Second
)

// readAll reads until the connection breaks or ctx ends.
func (f *feed) readAll(ctx context.Context, c *resp.Conn) error {
	c.Limit, c.Ping = waitIdle+servers.DialTimeout, nil
	if f.resuming {
		if err := f.check(c); err != nil {
			return err
		}
		f.resuming = false
	}
	for {
		f.noteCaughtUp()
		n, err := f.read(c)
		var refusal resp.Error
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil:
		case f.lost(err, c) || !errors.As(err, &refusal):
			return err
		default:
			f.refused(refusal)
			if !servers.Pause(ctx, waitRefused) {
				return ctx.Err()
			}
			continue
		}
		if n == 0 && !f.caughtUp { // the newest entries were deleted meanwhile
			f.target = f.next
			continue
		}
		f.noteCaughtUp()
		if err := f.checkWhenDue(c, n == 0); err != nil {
			return err
		}
	}
}

// noteCaughtUp tells the reader once all that was there has been read.
func (f *feed) noteCaughtUp() {
	if !f.caughtUp && !f.next.Less(f.target) {
		f.caughtUp = true
		f.Queue.CaughtUp()
	}
}

// read asks once for what follows and hands it to the reader. It returns the number of entries.
func (f *feed) read(c *resp.Conn) (int, error) {
	count := min(max(readBytes/f.average, 1), readEntries)
	args := []string{"XREAD", "COUNT", strconv.Itoa(count)}
	if f.caughtUp {
		wait := waitIdle
		if f.audit.pending() {
			wait = waitBusy
		}
		args = append(args, "BLOCK", strconv.FormatInt(wait.Milliseconds(), 10))
	}
	if err := c.Send(append(args, "STREAMS", f.key, entries.ID(f.next))...); err != nil {
		return 0, err
	}
	n, err := f.readAnswer(c.In)
	if n > 0 {
		f.Queue.Flush()
		f.Recovered()
	}
	return n, err
}

// readAnswer reads one answer to XREAD: nil, or one stream with its entries.
func (f *feed) readAnswer(in *resp.Reader) (int, error) {
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
	all, err := in.Array()
	if err != nil {
		return 0, err
	}
	for i := range all {
		if err := f.readEntry(in); err != nil {
			return int(i), err
		}
	}
	return int(all), nil
}

func (f *feed) readEntry(in *resp.Reader) error {
	if err := in.Pair(); err != nil {
		return err
	}
	at, err := readID(in)
	if err != nil {
		return err
	}
	count, err := in.Array()
	if err != nil {
		return err
	}
	bytes := 0
	f.fields = f.fields[:0]
	f.builder.Reset()
	for range count / 2 {
		var x entries.Field
		if x.Name, _, err = f.readString(in, resp.MaxWord); err != nil {
			return err
		}
		if x.Value, x.Size, err = f.readString(in, f.session.Body); err != nil {
			return err
		}
		bytes += len(x.Name) + x.Size
		f.fields = append(f.fields, x)
	}
	m := f.builder.Message(f.key, at, f.fields, in.Arrived)
	if !f.Queue.Add(&m) {
		return fault.ErrClosed
	}
	f.next = at
	f.audit.count(at)
	f.average += (bytes - f.average) / 8
	return nil
}

// readString reads a string, keeps at most so many bytes of it, and tells its true size.
func (f *feed) readString(in *resp.Reader, keep int64) ([]byte, int, error) {
	t, err := in.Next()
	if err != nil {
		return nil, 0, err
	}
	if t.Kind != '$' || t.N < 0 {
		return nil, 0, fmt.Errorf("%w: %q where a field belongs", resp.ErrProtocol, t.Kind)
	}
	data, own, err := in.Bulk(t.N, keep)
	if !own {
		data = f.builder.Copy(data)
	}
	return data, int(t.N), err
}
