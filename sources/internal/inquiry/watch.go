package inquiry

import (
	"signalbox/sources/internal/breakpoints"
	"signalbox/sources/internal/event"
	"signalbox/sources/internal/store"
	"signalbox/sources/internal/window"
	"signalbox/sources/state"
)

// Watch watches for breakpoints, and for what violates invariants.
type Watch struct {
	Breaks breakpoints.Table
	Always breakpoints.Table // what violates invariants

	store *store.Store
	news  func() // something was hit
}

// Begin has it look at each event that the store folds.
func (x *Watch) Begin(st *store.Store, news func()) {
	x.store, x.news = st, news
	st.Look = x.look
	past := st.Past()
	x.Breaks.Before = func(ev *event.Event, since uint64, when *event.Filter[event.Event]) bool {
		return heldBefore(st, past, ev, since, when, false)
	}
	x.Always.Before = func(ev *event.Event, since uint64, when *event.Filter[event.Event]) bool {
		return heldBefore(st, past, ev, since, when, true)
	}
}

// Forget forgets what was hit.
func (x *Watch) Forget() {
	x.Breaks.Forget()
	x.Always.Forget()
}

// Renew has it watch the store in which all was folded anew, from its next event on, with what violated invariants there.
func (x *Watch) Renew(always breakpoints.Table) {
	x.Always = always
	x.Begin(x.store, x.news)
	x.Breaks.Renew(x.store.Window.Next())
}

// look looks whether an event, which is about to be kept, hits a breakpoint, or has made an invariant false; confirm does
// once it is kept, for those that were set after the entity's event before it.
func (x *Watch) look(ev *event.Event, result window.Result) {
	folded := result == window.Folded
	if !x.Breaks.Any() && (!folded || !x.Always.Any()) {
		return
	}
	c := breakpoints.Change(x.store.Last())
	hit := x.Breaks.Look(ev, &c)
	if folded {
		c.First = ev.Version == 1 // it is asked about accepted events only
		hit = x.Always.Look(ev, &c) || hit
	}
	if hit {
		x.news()
	}
}

// Confirm looks again at an event that is kept by now.
func (x *Watch) Confirm(ev *event.Event) {
	hit := x.Breaks.Confirm(ev)
	hit = x.Always.Confirm(ev) || hit
	if hit {
		x.news()
	}
}

// heldBefore tells whether something held after the event before ev of the same entity, or after the last one before it that
// was folded; false where that came with the number since or later: it was asked about then. Of one that has left the window
// only the state that it left is known.
func heldBefore(st *store.Store, past *store.Past, ev *event.Event, since uint64, when *event.Filter[event.Event], folded bool) bool {
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
		before := event.Event{Past: past}
		st.Read(number, w.Get(number), &before)
		return when.Wants(&before)
	}
	states := ev.Past.States(ev)
	if states == nil || states.NoBefore {
		return false
	}
	left := event.Event{Past: leftState{&event.States{After: states.Before()}}}
	left.Kind, left.ID, left.Partial = ev.Kind, ev.ID, ev.Partial
	return when.Wants(&left)
}

// leftState is the past of an event of which only the state that it left is known.
type leftState struct{ states *event.States }

// States implements event.Past.
func (l leftState) States(*event.Event) *event.States { return l.states }

// Hit says what is known of an event that hit a breakpoint.
func (x *Watch) Hit(number uint64) breakpoints.Hit {
	hit := breakpoints.Hit{Number: number}
	if x.store.Window.Has(number) {
		ev := x.store.CopyOf(number, 0)
		hit.Time, hit.Type, hit.Entity = ev.Time(), ev.Type, ev.Entity()
	}
	return hit
}

// HitRows are the numbers of rows that are among the newest hits.
func HitRows(t *breakpoints.Table, rows []*event.Event) []uint64 {
	return t.Hits(func(yield func(uint64) bool) {
		for _, r := range rows {
			if !yield(r.Number) {
				return
			}
		}
	})
}

// mostAskedAgain bounds the events of an entity that breakpoints are asked about again.
const mostAskedAgain = 10_000

// AskAgain asks breakpoints and invariants again about the events of an entity that was completed.
func (x *Watch) AskAgain(slot uint32) {
	k := x.store.Entities.Kind(x.store.Entities.At(slot))
	hit := x.askTable(&x.Breaks, slot, k, false)
	hit = x.askTable(&x.Always, slot, k, true) || hit
	if hit {
		x.news()
	}
}

func (x *Watch) askTable(t *breakpoints.Table, slot uint32, k *state.Kind, folded bool) bool {
	past := x.store.Past()
	return t.Any() && t.Again(slot, k, func(yield func(uint64, *event.Event) bool) {
		c := x.store.Chain(slot)
		for range mostAskedAgain {
			number, held, ok := c.Here()
			if !ok {
				return
			}
			ev := event.Event{Past: past}
			x.store.Read(number, held, &ev)
			if store.IsEarlier(number) {
				number = 0
			}
			if c.Back(); (!folded || held.Folded()) && !yield(number, &ev) {
				return
			}
		}
	})
}
