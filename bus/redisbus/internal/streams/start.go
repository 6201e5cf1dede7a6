package streams

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"time"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/entries"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/resp"
)

// newest is an ID that nothing can follow.
var newest = bus.Position{Major: math.MaxUint64, Minor: math.MaxUint64}

// prepare makes sure that the stream may be read, and finds where to begin and what counts as caught up.
func (f *feed) prepare(ctx context.Context, c *resp.Conn, from bus.From) error {
	if err := probe(c, f.key); err != nil {
		if _, sent := fault.Redirected(err, c.Addr); sent {
			return err
		}
		return fmt.Errorf("read the stream %s: %w", f.key, fault.Explain(err))
	}
	info, err := inspect(c, f.key)
	refused := fault.Refused(err)
	switch {
	case err == nil:
		f.target = info.Last
	case fault.Absent(err):
		info, err = nil, nil
	case refused:
		info = nil
		f.Warn("entries trimmed from "+f.key+" cannot be counted", fault.Explain(err))
		f.target, err = newestEntry(c, f.key)
	}
	if err != nil {
		return fmt.Errorf("find the end of the stream %s: %w", f.key, fault.Explain(err))
	}
	switch from.Start {
	case bus.FromAll:
	case bus.FromLast:
		f.next, err = nthLast(c, f.key, from.Last)
	case bus.FromSince:
		f.next, err = f.sinceThen(ctx, from.Since)
	case bus.FromAt:
		f.next = entries.Before(from.Position)
	default:
		f.next = f.target
		if info != nil {
			f.next = info.Generated
		}
	}
	if err != nil {
		return fmt.Errorf("find the start (%s) in the stream %s: %w", from, f.key, fault.Explain(err))
	}
	if refused {
		f.audit.postpone()
	} else {
		f.audit.begin(info, f.next, time.Now())
	}
	return nil
}

// newestEntry is the ID of the newest entry; nowhere in an empty stream.
func newestEntry(c *resp.Conn, key string) (bus.Position, error) {
	at, _, err := idsBack(c, key, newest, 1)
	return at, err
}

// nthLast is the position just before the n newest entries. Redis has no index by number: it walks back in steps.
func nthLast(c *resp.Conn, key string, n uint64) (bus.Position, error) {
	end := newest
	for n > 0 {
		step := min(n, 1000)
		oldest, got, err := idsBack(c, key, end, step)
		if err != nil {
			return bus.Position{}, err
		}
		if got > 0 {
			end = entries.Before(oldest)
		}
		if got < step {
			return bus.Position{}, nil
		}
		n -= got
	}
	return end, nil
}

// idsBack reads up to count IDs backwards from end and returns the oldest of them. What the entries hold is skipped.
func idsBack(c *resp.Conn, key string, end bus.Position, count uint64) (oldest bus.Position, got uint64, err error) {
	if err := c.Send("XREVRANGE", key, entries.ID(end), "-", "COUNT", strconv.FormatUint(count, 10)); err != nil {
		return oldest, 0, err
	}
	n, err := c.In.Array()
	for ; err == nil && int64(got) < n; got++ {
		if err = c.In.Pair(); err != nil {
			break
		}
		if oldest, err = readID(c.In); err != nil {
			break
		}
		err = c.In.SkipNext()
	}
	return oldest, got, err
}

// sinceThen is the position just before a moment, by the server's clock, which made the IDs.
func (f *feed) sinceThen(ctx context.Context, ago time.Duration) (bus.Position, error) {
	now, err := f.session.Servers.Client.Time(ctx).Result()
	if fault.Refused(err) {
		now, err = time.Now(), nil
	}
	if err != nil {
		return bus.Position{}, err
	}
	return entries.Before(bus.Position{Major: uint64(max(now.Add(-ago).UnixMilli(), 0))}), nil
}
