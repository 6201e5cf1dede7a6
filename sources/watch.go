package sources

import (
	"signalbox/sources/internal/breakpoints"
	"signalbox/sources/internal/store"
	"signalbox/sources/internal/window"
)

// watchers prepares what watches for breakpoints and for what violates invariants.
func (e *Engine) watchers() {
	e.store.Look = e.watch
	past := e.store.Past()
	e.breaks.Before = func(ev *Event, since uint64, when *EventFilter) bool {
		return heldBefore(e.store, past, ev, since, when, false)
	}
	e.always.Before = func(ev *Event, since uint64, when *EventFilter) bool {
		return heldBefore(e.store, past, ev, since, when, true)
	}
}

// watch looks whether an event, which is about to be kept, hits a breakpoint, or has made an invariant false; confirm does
// once it is kept, for those that were set after the entity's event before it.
func (e *Engine) watch(ev *Event, result window.Result) {
	folded := result == window.Folded
	if !e.breaks.Any() && (!folded || !e.always.Any()) {
		return
	}
	c := breakpoints.Change(e.store.Last())
	hit := e.breaks.Look(ev, &c)
	if folded {
		c.First = ev.Version == 1 // it is asked about accepted events only
		hit = e.always.Look(ev, &c) || hit
	}
	e.dirty = e.dirty || hit
}

func (e *Engine) confirm(ev *Event) {
	hit := e.breaks.Confirm(ev)
	hit = e.always.Confirm(ev) || hit
	e.dirty = e.dirty || hit
}

// heldBefore tells whether something held after the event before ev of the same entity, or after the last one before it that
// was folded; false where that came with the number since or later: it was asked about then. Of one that has left the window
// only the state that it left is known.
func heldBefore(st *store.Store, past *store.Past, ev *Event, since uint64, when *EventFilter, folded bool) bool {
	const most = 64 // refused ones in a row that are stepped over
	number, w := ev.Number, st.Window
	for range most {
		if !w.Has(number) || w.Get(number).Back() == 0 {
			break
		}
		number -= w.Get(number).Back()
		if !w.Has(number) {
			break
		}
		if folded && !w.Get(number).Folded() {
			continue
		}
		if number >= since {
			return false
		}
		before := Event{Past: past}
		st.Read(number, w.Get(number), &before)
		return when.Wants(&before)
	}
	states := ev.Past.States(ev)
	if states == nil || states.NoBefore {
		return false
	}
	left := Event{Past: leftState{&States{After: states.Before()}}}
	left.Kind, left.ID, left.Partial = ev.Kind, ev.ID, ev.Partial
	return when.Wants(&left)
}

// leftState is the past of an event of which only the state that it left is known.
type leftState struct{ states *States }

// States implements event.Past.
func (l leftState) States(*Event) *States { return l.states }

// breakHit says what is known of an event that hit a breakpoint.
func (e *Engine) breakHit(number uint64) BreakHit {
	hit := BreakHit{Number: number}
	if e.store.Window.Has(number) {
		ev := e.store.CopyOf(number, 0)
		hit.Time, hit.Type, hit.Entity = ev.Time(), ev.Type, ev.Entity()
	}
	return hit
}

// hitRows are the numbers of rows that are among the newest hits.
func hitRows(t *breakpoints.Table, rows []*Event) []uint64 {
	return t.Hits(func(yield func(uint64) bool) {
		for _, r := range rows {
			if !yield(r.Number) {
				return
			}
		}
	})
}
