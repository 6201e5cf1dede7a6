package sources

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"signalbox/bus"
)

// Reopen reads a station from another place, and returns once it is subscribed to. From new it goes on with what is
// published next: what was still to be read of its past is a gap in the ledger. From any other place everything is read
// anew, as if the session had begun so: what is held is let go and every replayable station is opened again, this one
// from there and the others from where they were, so that each event is folded once and in order of time.
func (e *Engine) Reopen(ctx context.Context, station string, from bus.From) error {
	var left []*reopening
	var err error
	if doErr := e.requests.do(ctx, func() { left, err = e.beginReopen(station, from) }); doErr != nil {
		return fmt.Errorf("reading %s from %s: %w", station, from, doErr)
	}
	if err != nil {
		return fmt.Errorf("reading %s from %s: %w", station, from, err)
	}
	for _, l := range left {
		err = errors.Join(err, e.finishReopen(ctx, l))
	}
	e.requests.post(func() { e.moving = false })
	return err
}

// reopening is the stations of one bus whose feeds were dropped, and from where they are to be read next.
type reopening struct {
	bus   *attached
	feeds []*feed
	next  []opening
	gap   *bus.Gap // of the one station, when it goes on from new
}

// beginReopen drops the feeds that have to be opened again.
func (e *Engine) beginReopen(key string, from bus.From) ([]*reopening, error) {
	s := e.attached.byKey[key]
	switch {
	case s == nil:
		return nil, errors.New("there is no such station")
	case !s.detached.IsZero():
		return nil, errors.New("it is detached")
	case !s.row.Readable:
		return nil, errors.New("it is only listed: this session cannot read it")
	case !s.row.Replayable && from.Start != bus.FromNew:
		return nil, errors.New("it keeps nothing: it can only be read from new")
	case e.moving:
		return nil, errMoving
	}
	e.moving = true
	if from.Start == bus.FromNew {
		return []*reopening{e.reopenOne(s)}, nil
	}
	s.from = from
	return e.reopenAll(s), nil
}

// reopenOne drops the feed of one station, which is to go on from new.
func (e *Engine) reopenOne(s *station) *reopening {
	gap := bus.Gap{Since: e.now(), Unknown: true, Why: "read from new on request"}
	l := &reopening{bus: s.bus, next: []opening{{row: s.row}}, gap: &gap}
	if f := s.feed; f != nil {
		if !f.caughtUp {
			gap.Why, gap.Missed = "cancelled by you", f.expected-min(f.expected, s.seen)
		}
		l.feeds = append(l.feeds, f)
		e.feeds.drop(f)
	}
	return l
}

// reopenAll drops the feeds of all replayable stations, chosen among them, and forgets all events and entities.
func (e *Engine) reopenAll(chosen *station) []*reopening {
	var all []*reopening
	for _, a := range e.attached.buses {
		l := &reopening{bus: a}
		for _, s := range e.attached.stations {
			if s.bus != a || !s.row.Replayable || s.feed == nil && s != chosen {
				continue
			}
			l.next = append(l.next, opening{row: s.row, from: s.from})
			if s.feed != nil {
				l.feeds = append(l.feeds, s.feed)
				e.feeds.drop(s.feed)
			}
		}
		if len(l.next) > 0 {
			all = append(all, l)
		}
	}
	e.forget()
	now := e.now().UnixNano()
	for _, s := range e.attached.stations {
		if s.late = false; s.feed != nil && !s.feed.dropped {
			e.store.Unseen(&s.Place, now) // what came there is not read again
		}
	}
	for _, l := range all {
		for _, o := range l.next {
			l.bus.stations[o.row.Name].ledger.begin()
		}
	}
	return all
}

// drop has a feed deliver no more. What is taken in of it counts; the rest is as if never read.
func (x *feeds) drop(f *feed) {
	f.dropped, f.ended = true, true
	if f.from != nil { // a part of the first batch is held
		x.window.End(f.from)
		f.queue = f.queue[1:]
		<-f.slots
	}
	for _, batch := range f.queue {
		f.releaseUnread(batch)
	}
	f.queue, f.from, f.next = nil, nil, 0
	x.ready = slices.DeleteFunc(x.ready, func(other *feed) bool { return other == f })
	x.isCaughtUp(f)
}

// releaseUnread gives a batch back unread.
func (f *feed) releaseUnread(batch *bus.Batch) {
	if batch != nil {
		batch.Release()
		<-f.slots
	}
}

// forget lets go all events, counted as evicted of stations that are not read again, and all entities.
func (e *Engine) forget() {
	e.anew++
	e.store.Forget()
	e.then.forget()
	e.watch.Forget()
	e.flow.Begin()
	e.chart.Begin()
	e.cohorts.Forget()
	e.refold.restart()
	e.revisits.forget()
	e.dirty = true
}

// finishReopen closes the feeds that were dropped and opens their stations again.
func (e *Engine) finishReopen(ctx context.Context, l *reopening) error {
	closeFeeds(l.feeds)
	openEach(ctx, l.bus.bus, l.next)
	if err := e.addOpened(e.running, l.bus, l.next); err != nil {
		return err
	}
	if l.gap != nil {
		e.requests.post(func() {
			l.gap.Until = e.now()
			e.attached.gap(l.bus.stations[l.next[0].row.Name], *l.gap)
			e.dirty = true
		})
	}
	var refused []error
	for _, o := range l.next {
		refused = append(refused, o.refused)
	}
	return errors.Join(refused...)
}

// Left is how long a backfill will still take at the speed of now; 0 when that cannot be said.
func (r *StationRow) Left() time.Duration {
	if r.Backfill <= 0 || r.Backfill >= 1 || r.Expected <= r.Seen || r.Intake <= 0 {
		return 0
	}
	return time.Duration(float64(r.Expected-r.Seen) / r.Intake * float64(time.Second))
}
