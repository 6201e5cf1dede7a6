package sources

import (
	"context"
	"errors"
	"io"
	"math"
	"time"

	"signalbox/bus"
	"signalbox/sources/internal/window"
)

// feed is one open station: a goroutine takes batches from the bus, the engine takes messages from the batches.
type feed struct {
	station   *station
	source    bus.Feed
	slots     chan struct{} // a place for each batch between the bus and the engine
	group     *group        // nil: taken in as it arrives
	queue     []*bus.Batch
	from      *window.Source // queue[0], once it has been begun
	next      int            // place in it of the message to be taken in next
	taken     int            // messages of it that were taken in
	expected  uint64
	caughtUp  bool
	stalled   bool // silent for so long that its group does not wait for it
	ended     bool
	dropped   bool // what it still delivers is released unread
	concludes bool // it is to tell what was lost
}

// batchesAhead is how many batches of one feed may wait for the engine.
const batchesAhead = 4

// delivery is a batch, or the end, of a feed on its way to the engine.
type delivery struct {
	feed  *feed
	batch *bus.Batch
	err   error
}

// read hands over batches until the feed ends or ctx does, and closes the feed.
func (f *feed) read(ctx context.Context, to chan<- delivery) {
	defer f.source.Close() // reading is over: there is nobody to tell
	for {
		select {
		case f.slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		batch, err := f.source.Next(ctx)
		select {
		case to <- delivery{f, batch, err}:
		case <-ctx.Done():
			if batch != nil {
				batch.Release()
			}
			return
		}
		if err != nil {
			return
		}
	}
}

// feeds is all open feeds and what they have delivered: it is taken in as it arrives or, while feeds catch up, merged in
// order of time.
type feeds struct {
	budget     *bus.Budget // what they draw on; may be nil
	window     *window.Window
	take       func(f *feed, at int) (next int) // takes in the message at a place of the feed's first batch
	full       func() bool                      // nothing may be taken in for now; may be nil
	failed     func(s *station, err error)      // reading ended
	gap        func(s *station, g bus.Gap)      // something was or may have been missed
	dropped    func(s *station)                 // messages were let go unread
	news       func()                           // something changed that a snapshot shows
	stallLimit time.Duration

	all        []*feed
	ready      []*feed // one for each batch to be taken in, in order of arrival
	groups     []*group
	catching   []chan struct{} // who waits for all feeds to have caught up
	ending     []chan struct{} // who waits for all feeds to have ended
	concluding []chan struct{} // who waits for all feeds to have told what was lost
	stall      *time.Timer
}

// arrive queues what a feed delivered.
func (x *feeds) arrive(d delivery) {
	f := d.feed
	if f.dropped {
		f.releaseUnread(d.batch)
		return
	}
	if d.err != nil {
		f.ended = true
		if !errors.Is(d.err, io.EOF) && !errors.Is(d.err, context.Canceled) {
			f.station.refused = d.err.Error()
			x.failed(f.station, d.err)
		}
		if len(f.queue) == 0 { // else once what it delivered is taken in
			x.isCaughtUp(f)
		}
		return
	}
	f.queue = append(f.queue, d.batch)
	if f.group == nil {
		x.ready = append(x.ready, f)
	}
}

// isFull tells whether nothing may be taken in for now.
func (x *feeds) isFull() bool { return x.full != nil && x.full() }

// pump takes in up to so many messages and tells whether there are more to be taken now.
func (x *feeds) pump(most int) bool {
	for left := most; left > 0; {
		if x.isFull() {
			return false
		}
		share := left
		if len(x.ready) > 0 {
			share = (left + 1) / 2
		}
		n := x.pumpGroups(share)
		if len(x.ready) > 0 {
			f := x.ready[0]
			n += x.consume(f, math.MaxInt64, max(1, left-n))
			if f.from == nil {
				x.ready = x.ready[1:]
			}
		}
		if n == 0 {
			return false
		}
		left -= n
	}
	return true
}

// consume takes in messages of a feed's first batch, up to so many and not younger than a time but for the first, and
// returns how many, at least 1; after the last one the batch is over.
func (x *feeds) consume(f *feed, until int64, most int) int {
	batch, s := f.queue[0], f.station
	if f.from == nil {
		for _, g := range batch.Gaps {
			x.gap(s, g)
		}
		s.ledger.Received += batch.Dropped
		s.ledger.Dropped += batch.Dropped
		if batch.Dropped > 0 {
			x.dropped(s)
		}
		x.news()
		f.from = x.window.Begin(batch)
	}
	n := 0
	for end := batch.End(); f.next < end; n++ {
		if n == most || n > 0 && (batch.Time(f.next) > until || x.isFull()) {
			f.taken += n
			return n
		}
		f.next = x.take(f, f.next)
	}
	caughtUp, concluded, ended := batch.CaughtUp, batch.Concluded, batch.Ended
	x.window.End(f.from)
	f.queue[0] = nil
	f.queue, f.from, f.next, f.taken = f.queue[1:], nil, 0, 0
	<-f.slots
	f.ended = f.ended || ended
	if caughtUp || f.ended && len(f.queue) == 0 {
		x.isCaughtUp(f)
	}
	if concluded {
		x.isConcluded(f)
	}
	return n + 1
}

// take takes in the message at a place of a batch, and returns the place of the next: it is understood, folded and kept.
func (e *Engine) take(f *feed, at int) (next int) {
	s, m, ev := f.station, &e.message, &e.event
	next = f.queue[0].Read(at, m)
	ev.Understood, ev.Outcome = Understood{}, Outcome{} // all of Received is set below
	ev.Number, ev.UnixNano, ev.Position, ev.Size = e.store.Window.Next(), m.UnixNano, m.Position, m.Size
	ev.Bus, ev.Station, ev.Source, ev.Traits = s.Bus, s.Name, s.Kind, s.Traits
	ev.Subject, ev.Headers, ev.Data = m.Subject, m.Headers, m.Data
	if f.caughtUp {
		s.rates.Count++
	} else {
		s.past++
	}
	s.seen++
	s.last, s.newest = m.UnixNano, m.Position
	s.subjects.Count(m.Subject, m.UnixNano)
	if s.late || s.counted {
		e.unseen(s, m)
	}
	if s.exchanges != nil {
		s.exchanges.take(ev)
	}
	result := e.store.Take(ev, f.from, &s.Place, at)
	e.revisits.took(s, m.UnixNano)
	s.ledger.count(result)
	if m.UnixNano-s.second >= int64(time.Second) || m.UnixNano < s.second {
		e.then.countSecond(s, m.UnixNano)
	}
	s.inSecond.Events++
	s.inSecond.Last = ev.Number
	if result > window.Folded {
		s.inSecond.Fault(result == window.Rejected)
	}
	if e.options.Tap != nil {
		e.options.Tap(ev)
	}
	e.watch.Confirm(ev)
	e.need(ev)
	if e.flow.Live() {
		e.tellFlow(ev, result)
	}
	if e.chart.Live() {
		e.chart.Take(ev)
	}
	if e.cohorts.Any() && ev.Kind != nil {
		slot, _ := e.store.LastEntity()
		e.cohorts.Touch(slot)
	}
	e.waiters.told(ev)
	return next
}

// unseen notes, before a message is taken in, whether there were others before it that were not seen.
func (e *Engine) unseen(s *station, m *bus.Message) {
	if s.counted {
		before := s.sequence
		s.sequence = m.Position.Major
		s.late = s.late || before != 0 && s.sequence > before+1
	}
	if s.late {
		s.late = false
		if s.lateUntil == 0 {
			e.store.Unseen(&s.Place, m.UnixNano)
			return
		}
		s.lateUntil = 0
		e.store.Came(&s.Place, m.UnixNano)
		e.attached.lookLate()
	}
}

// tellEnded tells those who wait once no feed will deliver more.
func (x *feeds) tellEnded() {
	for _, f := range x.all {
		if !f.ended || len(f.queue) > 0 {
			return
		}
	}
	for _, w := range x.ending {
		close(w)
	}
	x.ending = nil
}

// isCaughtUp notes that a feed has delivered what its station held, or will never deliver more.
func (x *feeds) isCaughtUp(f *feed) {
	f.caughtUp = true
	if f.ended {
		x.isConcluded(f)
		x.tellEnded()
	}
	f.station.subjects.Past(false)
	x.news()
	for _, other := range x.all {
		if !other.caughtUp {
			return
		}
	}
	for _, w := range x.catching {
		close(w)
	}
	x.catching = nil
}
