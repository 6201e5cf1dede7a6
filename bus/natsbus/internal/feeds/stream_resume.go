package feeds

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/core"
	"signalbox/bus/natsbus/internal/jsapi"
)

// resume goes on at the next sequence, with a new source, as soon as the server lets it. It returns nil when the feed
// is closed. A stream that was deleted is waited for: it may be made again.
func (f *streamFeed) resume() source {
	var told string
	for wait := 50 * time.Millisecond; f.life.Err() == nil; wait = min(2*wait, 2*time.Second) {
		c, err := f.next()
		if err == nil {
			if told != "" {
				f.set.Notices.Add(bus.Say, f.station.Name, "%s is read again", f.station.Name)
			}
			return c
		}
		if text := f.trouble(err); text != told && f.life.Err() == nil && f.set.Core.Conn.IsConnected() {
			told = text
			f.set.Notices.Add(bus.Warn, f.station.Name, "%s", text)
		}
		select {
		case <-time.After(wait):
		case <-f.restored:
		case <-f.asked:
			f.conclude(0)
		case <-f.life.Done():
		}
	}
	return nil
}

func (f *streamFeed) trouble(err error) string {
	switch {
	case errors.Is(err, bus.ErrMissing):
		return f.station.Name + " was deleted; waiting for it to be made again"
	default:
		return f.station.Name + " cannot be read on, trying again: " + err.Error()
	}
}

// next makes the source to go on with.
func (f *streamFeed) next() (source, error) {
	ctx, cancel := context.WithTimeout(f.life, core.Timeout)
	defer cancel()
	info, err := f.set.Streams.Stream(ctx, f.stream)
	if errors.Is(err, bus.ErrMissing) {
		f.set.changed(f, nil)
	}
	if err != nil {
		return nil, err
	}
	f.set.changed(f, info.Config.Subjects)
	anew, err := f.isAnew(ctx, info)
	if err != nil {
		return nil, err
	}
	if anew {
		return f.beginAnew(ctx, info)
	}
	// In memory, a stream that has trimmed all that was read of it may have begun anew, too.
	f.losses.unsure = info.Config.Storage == jetstream.MemoryStorage && info.State.FirstSeq > f.losses.next
	next, _, err := f.goOn(ctx, info, startAt(bus.From{Start: bus.FromAt, Position: bus.Position{Major: f.losses.next}}, info.State), f.losses.next)
	return next, err
}

// goOn makes a source that starts as where says and, if that is a getter, at a sequence. It returns how many messages there
// are to come, as far as that is known. A stream that is a queue by now is never given a consumer, either.
func (f *streamFeed) goOn(ctx context.Context, info *jetstream.StreamInfo, where jetstream.ConsumerConfig, start uint64) (next source, count uint64, err error) {
	if !Consumable(info) {
		f.losses.copies = true // its workers take messages away
	} else if f.set.Streams.ConsumerLimit(ctx, info) == "" {
		c, err := f.set.newConsumer(ctx, f.stream, where, f.requestBytes())
		if err == nil {
			return c, c.count, nil
		}
		if !errors.Is(err, jsapi.ErrConsumerLimit) && !errors.Is(err, core.ErrSubscriptions) {
			return nil, 0, err
		}
	}
	return f.set.newGetter(info), info.State.LastSeq + 1 - min(start, info.State.LastSeq+1), nil
}

// isAnew tells whether a stream has begun anew: whether it is another one of that name, or one whose messages are gone and
// whose sequences begin again, as those of a stream in memory when its server restarts. What was read last tells.
func (f *streamFeed) isAnew(ctx context.Context, info *jetstream.StreamInfo) (bool, error) {
	read, another := f.losses.read, !info.Created.Equal(f.created)
	if read.sequence == 0 {
		return another || f.losses.contradicts(info), nil
	}
	m, err := f.set.Streams.Stored(ctx, f.stream, jsapi.Get{Sequence: read.sequence})
	switch {
	case err == nil:
		return m.UnixNano != read.nano, nil
	case errors.Is(err, bus.ErrMissing), errors.Is(err, bus.ErrRefused):
		return another || f.losses.contradicts(info), nil
	default:
		return false, err
	}
}

// beginAnew goes on with the messages of a stream that were stored after the one that was read last.
func (f *streamFeed) beginAnew(ctx context.Context, info *jetstream.StreamInfo) (source, error) {
	start := max(1, info.State.FirstSeq)
	if f.losses.read.sequence > 0 && info.State.FirstTime.UnixNano() <= f.losses.read.nano {
		var err error
		if start, err = f.set.firstSince(ctx, info, time.Unix(0, f.losses.read.nano+1)); err != nil {
			return nil, err
		}
	}
	next, count, err := f.goOn(ctx, info, startAt(bus.From{Start: bus.FromAt, Position: bus.Position{Major: start}}, info.State), start)
	if err != nil {
		return nil, err
	}
	gap := bus.Gap{Since: time.Unix(0, f.losses.read.nano), Until: time.Now(), Missed: f.pending, Unknown: true, Why: "begun anew"}
	switch {
	case !info.Created.Equal(f.created):
		gap.Why = "deleted"
	case f.losses.read.sequence > 0 && start > info.State.FirstSeq: // some that were read are still there
		gap.Why = "rolled back"
	}
	if first := max(1, info.Config.FirstSeq); start == info.State.FirstSeq && start > first {
		gap.Missed += start - first
	}
	f.anew, f.skip = &gap, 0
	if count == 0 { // there is no next message yet
		f.tellAnew(gap.Until.UnixNano())
	}
	f.tellLosses()
	f.reading(info, start, f.losses.read.nano)
	f.losses.copies = f.losses.copies || !Consumable(info)
	return next, nil
}

// tellAnew tells that the stream has begun anew, if it has, with its first message, which was stored then.
func (f *streamFeed) tellAnew(nano int64) {
	if f.anew != nil {
		f.anew.Until = time.Unix(0, max(nano, f.anew.Since.UnixNano()))
		f.queue.Gap(*f.anew)
		f.anew = nil
	}
}

// tellLosses tells what was lost, and why.
func (f *streamFeed) tellLosses() {
	if len(f.losses.found) == 0 {
		return
	}
	info, err := f.set.Streams.Stream(f.life, f.stream)
	for _, l := range f.losses.found {
		gap := bus.Gap{
			Since: time.Unix(0, l.since), Until: time.Unix(0, l.until), From: bus.Position{Major: l.from}, To: bus.Position{Major: l.to},
			Missed: l.missed, Unknown: l.unsure, Why: "gone before it was read",
		}
		if err == nil {
			gap.Why = whyGone(info, l)
		}
		f.queue.Gap(gap)
	}
	f.losses.found = f.losses.found[:0]
}

// whyGone tells why messages are gone that were not read.
func whyGone(info *jetstream.StreamInfo, l loss) string {
	c, state := info.Config, info.State
	switch {
	case l.to >= state.FirstSeq && c.MaxMsgsPerSubject > 0:
		return "replaced"
	case l.to >= state.FirstSeq:
		return "deleted"
	case c.MaxMsgs > 0 && state.LastSeq-l.to >= uint64(c.MaxMsgs), c.MaxBytes > 0, c.MaxAge > 0 && time.Since(time.Unix(0, l.since)) >= c.MaxAge:
		return "trimmed"
	default:
		return "purged"
	}
}
