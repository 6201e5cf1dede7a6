package sources

import (
	"context"
	"time"

	"signalbox/bus"
	"signalbox/sources/internal/event"
	"signalbox/sources/internal/store"
)

// EventAt is the number of the newest event that happened up to a time; 0 when all that are held happened later. In a recording it
// is that of all events: one that is not read yet, or not at hand, is waited for.
func (e *Engine) EventAt(ctx context.Context, at time.Time) (number uint64, err error) {
	var failed error
	err = e.requests.inSteps(ctx, func() bool {
		var done bool
		number, done, failed = e.eventAt(at.UnixNano())
		return done
	})
	if err != nil {
		e.requests.post(func() { e.revisits.asked = 0 })
		return 0, err
	}
	return number, failed
}

// eventAt looks for it; done is false while it is to be asked again.
func (e *Engine) eventAt(at int64) (number uint64, done bool, err error) {
	e.then.countSeconds()
	second := time.Unix(0, at).Unix()
	x := &e.revisits
	if _, end, ok := e.then.line.Extent(); x.visits != nil && (!ok || second >= end) && e.attached.takesPast() {
		return 0, false, nil
	}
	w := e.store.Window
	number = min(e.then.line.LastBefore(second+1), w.Next()-1)
	if x.visits != nil && number < w.First() {
		number = min(number, x.visits.Until(at))
	}
	for number > 0 {
		st, err := x.goTo(number)
		if st == nil {
			return 0, err != nil, err
		}
		if number = lastUpTo(st, number, at); number > 0 || !x.beyond(st.Window.First()-1) {
			return number, true, nil
		}
		number = st.Window.First() - 1
	}
	return 0, true, nil
}

// lastUpTo is the number of the newest held event up to one that happened up to a time; 0 when there is none.
func lastUpTo(st *store.Store, number uint64, unixNano int64) uint64 {
	for w := st.Window; number > 0 && w.Has(number); number-- {
		if w.Get(number).Time() <= unixNano {
			return number
		}
	}
	return 0
}

// EventOn is the number of the newest held event with a position, of one station by its key, or of any where that is "". It is 0
// when there is none.
func (e *Engine) EventOn(ctx context.Context, station string, at bus.Position) (number uint64, err error) {
	next := uint64(0)
	var ev event.Event
	err = e.requests.inSteps(ctx, func() bool {
		w := e.store.Window
		if next == 0 {
			next = w.Next()
		}
		for range positionsAtOnce {
			if next--; next == 0 || !w.Has(next) {
				return true
			}
			held := w.Get(next)
			if e.store.Read(next, held, &ev); ev.Position == at && (station == "" || e.store.Places[held.Station()].Key == station) {
				number = next
				return true
			}
		}
		return false
	})
	return number, err
}

// positionsAtOnce is how many events are looked at in one step: the engine goes on in between.
const positionsAtOnce = 2000
