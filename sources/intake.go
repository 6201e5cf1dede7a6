package sources

import (
	"context"
	"errors"
	"io"
	"math"

	"signalbox/bus"
	"signalbox/sources/internal/window"
)

// feed is one open station: a goroutine takes batches from the bus, the engine takes messages from the batches.
type feed struct {
	station  *station
	source   bus.Feed
	slots    chan struct{} // a place for each batch between the bus and the engine
	group    *group        // nil: taken in as it arrives
	queue    []*bus.Batch
	from     *window.Source // queue[0], once it has been begun
	next     int            // place in it of the message to be taken in next
	expected uint64
	caughtUp bool
	stalled  bool // silent for so long that its group does not wait for it
	ended    bool
	void     bool // given up: what it still delivers is let go
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

// arrive queues what a feed delivered.
func (e *Engine) arrive(d delivery) {
	f := d.feed
	if f.void {
		f.letGo(d.batch)
		return
	}
	if d.err != nil {
		f.ended = true
		if !errors.Is(d.err, io.EOF) && !errors.Is(d.err, context.Canceled) {
			f.station.refused = d.err.Error()
			e.notice(bus.Fail, f.station.bus.name, f.station.row.Name, "reading ended: "+d.err.Error())
		}
		e.settle(f)
		return
	}
	f.queue = append(f.queue, d.batch)
	if f.group == nil {
		e.ready = append(e.ready, f)
	}
}

// pump takes in up to so many messages and tells whether there are more to be taken.
func (e *Engine) pump(most int) bool {
	for left := most; left > 0; {
		share := left
		if len(e.ready) > 0 {
			share = (left + 1) / 2
		}
		n := e.pumpGroups(share)
		if len(e.ready) > 0 {
			f := e.ready[0]
			n += e.consume(f, math.MaxInt64, max(1, left-n))
			if f.from == nil {
				e.ready = e.ready[1:]
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
func (e *Engine) consume(f *feed, until int64, most int) int {
	batch, s := f.queue[0], f.station
	if f.from == nil {
		for _, g := range batch.Gaps {
			s.gap(g)
		}
		s.ledger.Received += batch.Dropped
		s.ledger.Dropped += batch.Dropped
		e.dirty = true
		f.from = e.store.window.Begin(batch)
	}
	n := 0
	for end := batch.End(); f.next < end; n++ {
		if n == most || n > 0 && batch.Time(f.next) > until {
			return n
		}
		f.next = e.take(f, f.next)
	}
	caughtUp, ended := batch.CaughtUp, batch.Ended
	e.store.window.End(f.from)
	f.queue[0] = nil
	f.queue, f.from, f.next = f.queue[1:], nil, 0
	<-f.slots
	if caughtUp || ended {
		f.ended = f.ended || ended
		e.settle(f)
	}
	return n + 1
}

// settle notes that a feed has delivered what its station held, or will never deliver more.
func (e *Engine) settle(f *feed) {
	f.caughtUp = true
	e.dirty = true
	for _, other := range e.feeds {
		if !other.caughtUp {
			return
		}
	}
	for _, w := range e.catching {
		close(w)
	}
	e.catching = nil
}
