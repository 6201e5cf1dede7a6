package natsbus

import (
	"context"
	"errors"
	"time"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/core"
)

// resume goes on at the next sequence, with a new consumer, as soon as the server lets it. It returns nil when the feed
// is closed. A stream that was deleted is waited for: it may be made again.
func (f *streamFeed) resume() *pull {
	var told string
	since := time.Now()
	for wait := 50 * time.Millisecond; f.life.Err() == nil; wait = min(2*wait, 2*time.Second) {
		p, err := f.again(since)
		if err == nil {
			if told != "" {
				f.bus.notice(bus.Say, f.station.Name, "%s is read again", f.station.Name)
			}
			return p
		}
		if text := f.trouble(err); text != told && f.life.Err() == nil && f.bus.core.Conn.IsConnected() {
			told = text
			f.bus.notice(bus.Warn, f.station.Name, "%s", text)
		}
		select {
		case <-time.After(wait):
		case <-f.kick:
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

// again makes the consumer to go on with, and reports what is missing before its first message.
func (f *streamFeed) again(since time.Time) (*pull, error) {
	ctx, cancel := context.WithTimeout(f.life, core.Timeout)
	defer cancel()
	info, err := f.bus.js.Stream(ctx, f.stream)
	if errors.Is(err, bus.ErrMissing) {
		f.bus.takes(f, nil)
	}
	if err != nil {
		return nil, err
	}
	f.bus.takes(f, info.Config.Subjects)
	renewed := !info.Created.Equal(f.created) || info.State.LastSeq+1 < f.next
	if renewed {
		f.next, f.skip = 1, 0
	}
	p, err := f.bus.newPull(ctx, f.stream, startAt(bus.From{Start: bus.FromAt, Position: bus.Position{Major: f.next}}, info.State), f.requestBytes())
	if err != nil {
		return nil, err
	}
	gap := bus.Gap{Since: since, Until: time.Now()}
	switch {
	case renewed:
		gap.Unknown, gap.Why = true, "deleted"
		f.queue.Gap(gap)
	case p.start > f.next && !f.sparse:
		gap.From, gap.To, gap.Missed, gap.Why = bus.Position{Major: f.next}, bus.Position{Major: p.start - 1}, p.start-f.next, "trimmed"
		f.queue.Gap(gap)
	}
	f.created, f.next = info.Created, p.start
	return p, nil
}

// jumps are stretches of sequences that did not come. Messages deleted one by one leave such holes, too; only what the
// stream itself no longer reaches back to was trimmed before it could be read.
type jumps struct {
	spans []span
	since time.Time
}

type span struct{ from, to uint64 }

// maxJumps bounds how many holes wait to be judged, which takes a question to the server.
const maxJumps = 256

func (j *jumps) add(from, to uint64) {
	if len(j.spans) == 0 {
		j.since = time.Now()
	}
	j.spans = append(j.spans, span{from, to})
}

func (j *jumps) full() bool { return len(j.spans) >= maxJumps }

// judge reports the holes that were trimmed.
func (f *streamFeed) judge() {
	if len(f.jumps.spans) == 0 {
		return
	}
	info, err := f.bus.js.Stream(f.life, f.stream)
	for _, s := range f.jumps.spans {
		gap := bus.Gap{Since: f.jumps.since, Until: time.Now(), From: bus.Position{Major: s.from}, To: bus.Position{Major: s.to}, Why: "trimmed"}
		switch {
		case err != nil:
			gap.Unknown = true
			f.queue.Gap(gap)
		case s.to < info.State.FirstSeq:
			gap.Missed = s.to - s.from + 1
			f.queue.Gap(gap)
		}
	}
	f.jumps.spans = f.jumps.spans[:0]
}
