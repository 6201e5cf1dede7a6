package example

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"signalbox/bus"
	"signalbox/bus/backlog"
	"signalbox/bus/goroutine"
)

// feed is one log that is read. Its queue holds what was read until Next takes it.
type feed struct {
	*backlog.Queue
	log    string
	next   uint64 // the sequence of the entry that comes next
	latest uint64 // the newest that was there when it was opened: with it the feed has caught up
	since  int64  // when the entry before was stored, in nanoseconds

	ended chan struct{} // closed when nothing reads any more
}

// Open implements bus.Bus.
func (b *Bus) Open(_ context.Context, station bus.Station, from bus.From) (bus.Feed, error) {
	there, _, err := b.broker.read(station.Name, 0, math.MaxInt)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w: %w", station.Name, bus.ErrUnreachable, err)
	}
	f := &feed{
		Queue: backlog.NewQueue(b.budget, 0), log: station.Name, next: start(there, from), latest: there.next() - 1,
		since: time.Now().UnixNano(), ended: make(chan struct{}),
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return nil, fmt.Errorf("read %s: the bus is closed", station.Name)
	}
	b.feeds.Go("what reads the log "+f.log, func() {
		defer close(f.ended)
		defer goroutine.AfterFunc(b.ctx, "what closes a feed", f.Queue.Close)()
		b.read(f)
	})
	return f, nil
}

// start is the sequence at which a feed begins.
func start(there log, from bus.From) uint64 {
	switch from.Start {
	case bus.FromAll:
		return there.first
	case bus.FromLast:
		return there.next() - min(from.Last, uint64(len(there.entries)))
	case bus.FromSince:
		since := time.Now().Add(-from.Since).UnixNano()
		older, _ := slices.BinarySearchFunc(there.entries, since, func(e entry, since int64) int { return int(e.unixNano - since) })
		return there.first + uint64(older)
	case bus.FromAt:
		return from.Position.Major
	}
	return there.next()
}

// atOnce is how many entries are read at once.
const atOnce = 1000

// read hands over what follows until the feed is closed.
func (b *Bus) read(f *feed) {
	caughtUp := false
	for {
		came, changed, err := b.broker.read(f.log, f.next, atOnce)
		if err != nil {
			b.setLink(bus.Reconnecting, err.Error())
		} else {
			b.setLink(bus.Live, "")
			if !f.take(came) {
				return
			}
			if !caughtUp && f.next > f.latest {
				caughtUp = true
				f.CaughtUp()
			}
		}
		if len(came.entries) == 0 {
			select {
			case <-changed:
			case <-f.Closed():
				return
			}
		}
	}
}

// take hands over entries, and first the gap before them. It waits for room, and reports false when the feed is closed.
func (f *feed) take(came log) bool {
	if f.next < came.first && len(came.entries) > 0 {
		f.Gap(bus.Gap{
			Since: time.Unix(0, f.since), Until: time.Unix(0, came.entries[0].unixNano), Why: "trimmed", Missed: came.first - f.next,
			From: bus.Position{Major: f.next}, To: bus.Position{Major: came.first - 1},
		})
		f.next = came.first
	}
	for _, e := range came.entries {
		m := message(f.log, f.next, e)
		if !f.Add(&m) {
			return false
		}
		f.next, f.since = f.next+1, e.unixNano
	}
	f.Flush()
	return true
}

func message(log string, sequence uint64, e entry) bus.Message {
	return bus.Message{
		Subject: log, Data: []byte(e.data), Size: len(e.data), UnixNano: e.unixNano, Position: bus.Position{Major: sequence},
	}
}

// Waiting implements bus.Waiter.
func (f *feed) Waiting() int64 { return f.Held() }

// Close implements bus.Feed.
func (f *feed) Close() error {
	f.Queue.Close()
	<-f.ended
	return nil
}
