// Package lists is the rows that a view wants of the events and entities that are held: found, sorted, held in an order
// while somebody reads them, and as they were at an earlier time; a slice at a time, so that nothing waits for long.
//
// Lists belong to the goroutine of their store. What Show gives is never changed.
package lists

import (
	"time"

	"signalbox/sources/internal/entities"
	"signalbox/sources/internal/store"
)

// Lists is what a view shows of the events and entities that are held, and the searches that it takes.
type Lists struct {
	store   *store.Store
	station func(key string) *store.Place // nil when it is not known
	last    *Shown                        // whose rows are used again

	looking *View
	search  *search
	listing *listing
	focus   focus
	travel  travel
	then    *thenList     // nil while now is shown
	sums    entities.Sums // of then, after the event
	sumsOf  uint64        // of that number; 0: none yet

	events, entities aging // where what is listed depends on its age
}

// New makes lists of what a store holds. Stations are found by their keys; nil for one that is not known.
func New(held *store.Store, station func(key string) *store.Place) *Lists {
	ls := &Lists{store: held, station: station, last: &Shown{}}
	ls.watch()
	return ls
}

// Show is what a view shows, and tells whether all of it is what it should be.
func (ls *Lists) Show(v *View) (*Shown, bool) {
	s := &Shown{view: v.Entities, at: v.At, Events: ls.eventRows(v), Entities: ls.entityRows(v), Open: ls.openEvent(v.Open)}
	done := ls.focus.lead(v, &s.Entities)
	done = ls.focus.refresh(ls.store, WalkAtOnce) && done
	s.Entity, ls.last = ls.focus.detail, s
	return s, done
}

// WalkAtOnce is how many events of an entity are gone back through at once.
const WalkAtOnce = 1500

// Step goes on with what the panes need, and tells whether there is nothing more to do.
func (ls *Lists) Step(until, later time.Time) bool {
	done := ls.search == nil || ls.events.step(func() bool { return ls.search.Step(until) })
	done = (ls.listing == nil || ls.entities.step(func() bool { return ls.listing.step(later) })) && done
	if ls.then != nil {
		done = ls.then.step(ls.looking.Entities, later) && done
	}
	done = ls.focus.step(until) && done
	return ls.travel.advance(travelAtOnce) && done
}

// Awaited tells whether rows of an order that is to be held are not found yet.
func (ls *Lists) Awaited() bool {
	l := ls.listing
	return l != nil && l.held != nil && ls.looking != nil && !l.ready(ls.looking.Entities.Cursor, ls.end(ls.looking.Entities))
}

// end is the rank behind the last row that a view wants.
func (ls *Lists) end(v EntitiesView) int {
	top := v.Top
	if at, ok := ls.listing.rankOf(v.Cursor); ok {
		top = at - v.Above
	}
	return min(top+max(0, v.Rows), ls.store.Entities.Count())
}

// Held is the memory that listing takes.
func (ls *Lists) Held() int64 {
	if ls.listing == nil {
		return ls.then.held()
	}
	return ls.listing.order.Held() + ls.then.held()
}

// sliceTime is how long a search may go on at once for a new view.
const sliceTime = time.Millisecond

// travelAtOnce is how many events are gone back through at once to find what rows were.
const travelAtOnce = 500

// Look turns to what a view shows.
func (ls *Lists) Look(v *View) {
	if ls.search != nil && ls.search.unknown && ls.station(v.Events.Station) != nil || ls.search == nil && ls.hides(v.Events) {
		ls.search = ls.seek(v.Events)
	}
	if v.At == 0 && ls.listing == nil && !plain(ls.store.Entities, v.Entities) {
		ls.relist(v.Entities)
	}
	if v == ls.looking {
		return
	}
	ls.looking = v
	if !ls.search.serves(v.Events, ls.hides(v.Events)) {
		ls.search = ls.seek(v.Events)
	}
	ls.lookBack(v)
	switch {
	case v.At != 0 && ls.listing == nil: // it is made when now is shown
	case !ls.listing.serves(v.Entities), plain(ls.store.Entities, v.Entities):
		ls.relist(v.Entities)
	default:
		ls.listing.turn(v.Entities.Hold)
	}
	ls.focus.turn(v)
	ls.travel.to(v.At)
	if ls.search != nil {
		ls.search.Step(time.Now().Add(sliceTime))
	}
	if ls.listing != nil {
		ls.listing.step(time.Now().Add(sliceTime / 2))
	}
}

// thenAtOnce is how long the list of an earlier moment may take at once.
const thenAtOnce = 5 * time.Millisecond

// lookBack turns to the moment that a view shows.
func (ls *Lists) lookBack(v *View) {
	if v.At == 0 {
		ls.then, ls.sums, ls.sumsOf = nil, entities.Sums{}, 0
		return
	}
	if !ls.then.serves(v) {
		ls.then = ls.thenListOf(v)
	}
	ls.then.step(v.Entities, time.Now().Add(thenAtOnce))
}

// relist replaces the listing.
func (ls *Lists) relist(v EntitiesView) {
	if ls.listing != nil {
		ls.listing.end()
	}
	ls.listing = ls.list(v)
	ls.watch()
}

// watch has what is listed follow the entities.
func (ls *Lists) watch() {
	changed, leaves := func(uint32) {}, func(uint32) {}
	if l := ls.listing; l != nil {
		changed, leaves = l.changed, l.leaves
	}
	ls.store.Entities.Watch(changed, func(slot uint32) {
		leaves(slot)
		if ls.then != nil {
			ls.then.leaves(slot)
		}
	})
}
