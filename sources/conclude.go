package sources

import (
	"context"
	"slices"
	"time"

	"signalbox/bus"
)

// Conclude asks all brokers once more what was lost of what was read, and waits until that is in the ledger and what they have
// said so far is among the notices, or until ctx ends: then what was not told in time is not. It is for the end of a command,
// before its last figures.
func (e *Engine) Conclude(ctx context.Context) error {
	done := make(chan struct{})
	var buses []*attached
	if err := e.requests.do(ctx, func() { buses = slices.Clone(e.attached.buses) }); err != nil {
		return err
	}
	takeNotices(ctx, buses)
	err := e.requests.do(ctx, func() {
		e.attached.concludeLost(e.now().UnixNano())
		e.feeds.conclude(done)
		e.dirty = true
	})
	if err != nil {
		return err
	}
	return e.requests.await(ctx, done)
}

// conclude has all feeds tell what was lost, and closes done once they have.
func (x *feeds) conclude(done chan struct{}) {
	x.concluding = append(x.concluding, done)
	for _, f := range x.all {
		f.concludes = f.concludes || !f.ended && !f.dropped && bus.Conclude(f.source)
	}
	x.tellConcluded()
}

// isConcluded notes that a feed has told what was lost, or will never tell.
func (x *feeds) isConcluded(f *feed) {
	f.concludes = false
	x.tellConcluded()
}

// tellConcluded tells those who wait once all feeds have told what was lost.
func (x *feeds) tellConcluded() {
	for _, f := range x.all {
		if f.concludes {
			return
		}
	}
	for _, done := range x.concluding {
		close(done)
	}
	x.concluding = nil
}

// concludeLost notes a gap where nothing is kept and the connection is lost now: when it is back is not waited for.
func (x *attachments) concludeLost(now int64) {
	for _, s := range x.stations {
		link := s.bus.bus.Info()
		if s.feed == nil || s.feed.ended || s.row.Replayable || link.Link == bus.Live {
			continue
		}
		since := link.Since.UnixNano()
		if s.last != 0 {
			since = min(since, s.last)
		}
		x.gap(s, bus.Gap{Since: time.Unix(0, since), Until: time.Unix(0, max(now, since)), Unknown: true, Why: "connection lost"})
	}
}
