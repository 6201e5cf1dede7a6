package sources

import (
	"signalbox/sources/internal/breakpoints"
	"signalbox/sources/internal/store"
	"signalbox/sources/internal/window"
)

// watching is what watches for breakpoints, and for what violates invariants.
type watching struct {
	store  *store.Store
	breaks breakpoints.Table
	always breakpoints.Table // what violates invariants
	news   func()            // something was hit
}

// begin has it look at each event that the store folds.
func (x *watching) begin(st *store.Store, news func()) {
	x.store, x.news = st, news
	st.Look = x.look
	past := st.Past()
	x.breaks.Before = func(ev *Event, since uint64, when *EventFilter) bool {
		return heldBefore(st, past, ev, since, when, false)
	}
	x.always.Before = func(ev *Event, since uint64, when *EventFilter) bool {
		return heldBefore(st, past, ev, since, when, true)
	}
}

// forget forgets what was hit.
func (x *watching) forget() {
	x.breaks.Forget()
	x.always.Forget()
}

// renew has it watch the store in which all was folded anew, from its next event on, with what violated invariants there.
func (x *watching) renew(always breakpoints.Table) {
	x.always = always
	x.begin(x.store, x.news)
	x.breaks.Renew(x.store.Window.Next())
}

// look looks whether an event, which is about to be kept, hits a breakpoint, or has made an invariant false; confirm does
// once it is kept, for those that were set after the entity's event before it.
func (x *watching) look(ev *Event, result window.Result) {
	folded := result == window.Folded
	if !x.breaks.Any() && (!folded || !x.always.Any()) {
		return
	}
	c := breakpoints.Change(x.store.Last())
	hit := x.breaks.Look(ev, &c)
	if folded {
		c.First = ev.Version == 1 // it is asked about accepted events only
		hit = x.always.Look(ev, &c) || hit
	}
	if hit {
		x.news()
	}
}

func (x *watching) confirm(ev *Event) {
	hit := x.breaks.Confirm(ev)
	hit = x.always.Confirm(ev) || hit
	if hit {
		x.news()
	}
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

// hit says what is known of an event that hit a breakpoint.
func (x *watching) hit(number uint64) BreakHit {
	hit := BreakHit{Number: number}
	if x.store.Window.Has(number) {
		ev := x.store.CopyOf(number, 0)
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
