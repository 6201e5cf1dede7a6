package feeds

import (
	"context"
	"errors"
	"time"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/core"
)

// resume goes on at the next sequence, with a new consumer, as soon as the server lets it. It returns nil when the feed
// is closed. A stream that was deleted is waited for: it may be made again.
func (f *streamFeed) resume() *orderedConsumer {
	var told string
	since := time.Now()
	for wait := 50 * time.Millisecond; f.life.Err() == nil; wait = min(2*wait, 2*time.Second) {
		c, err := f.nextConsumer(since)
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

// nextConsumer makes the consumer to go on with, and reports what is missing before its first message.
func (f *streamFeed) nextConsumer(since time.Time) (*orderedConsumer, error) {
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
	renewed := !info.Created.Equal(f.created) || info.State.LastSeq+1 < f.next
	if renewed {
		f.next, f.skip = 1, 0
	}
	c, err := f.set.newConsumer(ctx, f.stream, startAt(bus.From{Start: bus.FromAt, Position: bus.Position{Major: f.next}}, info.State), f.requestBytes())
	if err != nil {
		return nil, err
	}
	gap := bus.Gap{Since: since, Until: time.Now()}
	switch {
	case renewed:
		gap.Unknown, gap.Why = true, "deleted"
		f.queue.Gap(gap)
	case c.start > f.next && !f.sparse:
		gap.From, gap.To, gap.Missed, gap.Why = bus.Position{Major: f.next}, bus.Position{Major: c.start - 1}, c.start-f.next, "trimmed"
		f.queue.Gap(gap)
	}
	f.created, f.next = info.Created, c.start
	return c, nil
}

// holes are stretches of sequences that did not come. Messages deleted one by one leave such holes, too; only what the
// stream itself no longer reaches back to was trimmed before it could be read.
type holes struct {
	spans []span
	since time.Time
}

type span struct{ from, to uint64 }

// maxHoles bounds how many holes wait to be explained, which takes a question to the server.
const maxHoles = 256

func (h *holes) add(from, to uint64) {
	if len(h.spans) == 0 {
		h.since = time.Now()
	}
	h.spans = append(h.spans, span{from, to})
}

func (h *holes) full() bool { return len(h.spans) >= maxHoles }

// reportHoles reports the holes that were trimmed.
func (f *streamFeed) reportHoles() {
	if len(f.holes.spans) == 0 {
		return
	}
	info, err := f.set.Streams.Stream(f.life, f.stream)
	for _, s := range f.holes.spans {
		gap := bus.Gap{Since: f.holes.since, Until: time.Now(), From: bus.Position{Major: s.from}, To: bus.Position{Major: s.to}, Why: "trimmed"}
		switch {
		case err != nil:
			gap.Unknown = true
			f.queue.Gap(gap)
		case s.to < info.State.FirstSeq:
			gap.Missed = s.to - s.from + 1
			f.queue.Gap(gap)
		}
	}
	f.holes.spans = f.holes.spans[:0]
}
