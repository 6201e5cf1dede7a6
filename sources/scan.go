package sources

import (
	"context"
	"slices"
)

// scanAtOnce is how many events are shown in one step of Scan.
const scanAtOnce = 20_000

// Scan shows the held events whose numbers are above after, in order, and returns the number of the newest that there was. see
// is called on the engine's goroutine and must keep nothing of an event but a Clone.
func (e *Engine) Scan(ctx context.Context, after uint64, see func(*Event)) (last uint64, err error) {
	last = after
	var ev Event
	err = e.requests.inSteps(ctx, func() bool {
		st := e.revisits.storeOf(last + 1)
		if st == e.store && e.revisits.beyond(last+1) && after > 0 { // what follows is not at hand
			return true
		}
		if st != e.store && !e.revisits.visits.ReadOn(last+1) {
			return false
		}
		w := st.Window
		last = max(last, w.First()-1)
		for range scanAtOnce {
			if !w.Has(last + 1) {
				return true
			}
			last++
			st.Read(last, w.Get(last), &ev)
			see(&ev)
		}
		return false
	})
	return last, err
}

// Handling tells how far the consumers of their stations are with some events, as of when the brokers were last asked: the
// Stands of each are in the order of the events.
func (e *Engine) Handling(ctx context.Context, events []*Event) (all []Progress, err error) {
	err = e.requests.do(ctx, func() {
		steps := make([]HistoryStep, len(events))
		for i, ev := range events {
			steps[i] = HistoryStep{Number: ev.Number, Subject: ev.Subject, Position: ev.Position}
			at := slices.IndexFunc(e.attached.buses, func(a *attached) bool { return a.name == ev.Bus && a.stations[ev.Station] != nil })
			if at >= 0 && !ev.Position.IsZero() {
				steps[i].Station = e.attached.buses[at].stations[ev.Station].Key
			}
		}
		all = progressOf(steps, e.attached.consumers, e.attached.byKey)
	})
	return all, err
}
