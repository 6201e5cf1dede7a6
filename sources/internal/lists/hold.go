package lists

import (
	"signalbox/sources/internal/rank"
	"signalbox/sources/internal/slots"
	"signalbox/sources/state"
)

// A listing whose order is held stands as it was after one event, so that rows do not change places under the eyes of
// who reads them. What has happened since is counted, not shown. By when they were touched, entities stand as they did
// just then: the events of each lead back to the one that was its newest. By anything else, they stand as they do when
// holding begins, which is a moment later.

// holding is what a listing keeps while its order is held.
type holding struct {
	since    uint64    // the number of the event
	late     []uint32  // changed since holding began
	complete bool      // all entities were looked at when it began
	settled  bool      // those that waited then have their places
	past     bool      // so have all that were touched since then
	moving   slots.Set // those that have another place now
}

// hold makes the order stand as it was after an event.
func (l *listing) hold(since uint64) {
	h := &holding{since: since}
	h.complete = l.made()
	if l.touchedFirst() {
		l.next, l.left = l.table.Newest(), l.table.Count() // what was touched since then is gone back to
	} else {
		h.past = true
	}
	l.held = h
}

// follow makes the order that of now again.
func (l *listing) follow() {
	h := l.held
	if h == nil {
		return
	}
	l.wait = append(l.wait, h.late...)
	for slot := range h.moving.All() {
		if r := l.table.At(slot); !r.Changed() {
			r.SetChanged(true)
			l.wait = append(l.wait, slot)
		}
	}
	l.held = nil
}

// turn holds the order as it was after an event, or, with 0, no longer.
func (l *listing) turn(since uint64) {
	if now := l.heldSince(); now == since {
		return
	}
	if l.follow(); since != 0 {
		l.hold(since)
	}
}

func (l *listing) heldSince() uint64 {
	if l.held == nil {
		return 0
	}
	return l.held.since
}

// walked puts an entity in its place that the way along the table's list has come to.
func (l *listing) walked(slot uint32) {
	h := l.held
	if h == nil {
		l.place(slot)
		return
	}
	if l.table.At(slot).Last <= h.since {
		if h.past = true; h.complete { // it, and all older ones, have their places
			l.next = 0
			return
		}
	}
	l.place(slot)
}

// keyThen is what an entity was sorted by when the order was held, by when it was touched; false when it came later.
func (l *listing) keyThen(slot uint32) (rank.Key, bool) {
	number, ok := l.store.LastUpTo(slot, l.held.since)
	return rank.OfNumber(^number), ok
}

// lateOne sees whether one of the entities that changed since holding began would move.
func (l *listing) lateOne() {
	h := l.held
	slot := h.late[len(h.late)-1]
	h.late = h.late[:len(h.late)-1]
	r := l.table.At(slot)
	if !r.Changed() {
		return
	}
	r.SetChanged(false)
	if l.table.IsUsed(slot) {
		l.note(slot)
	}
}

// note sees whether an entity would move, come or go.
func (l *listing) note(slot uint32) {
	was, in := l.order.KeyOf(slot)
	switch {
	case !l.table.IsUsed(slot):
		l.held.moving.Put(slot, false)
	case in && was != l.key(slot):
		l.held.moving.Put(slot, true)
	default:
		l.held.moving.Put(slot, in != l.wants(slot))
	}
}

// ready tells whether rows from a rank on, or around an entity, are as they were when the order was held.
func (l *listing) ready(cursor state.Entity, end int) bool {
	h := l.held
	switch {
	case h == nil:
		return true
	case !h.settled || l.rest > 0:
		return false
	case l.next == 0:
		return true
	}
	_, in := l.rankOf(cursor)
	return h.past && (in || cursor.IsZero()) && l.order.Len() >= end
}

// rankOf is the rank of an entity.
func (l *listing) rankOf(e state.Entity) (rank int, ok bool) {
	slot, ok := l.table.ByName(e)
	if !ok {
		return 0, false
	}
	return l.order.Rank(slot)
}
