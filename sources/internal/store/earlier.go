package store

import (
	"signalbox/sources/internal/window"
)

// earlier is the events of an entity that came before what is held, or between, as the broker told them when the entity was
// completed. They are in no list of events, and count nowhere as received.
type earlier struct {
	born   uint64         // of the entity
	since  int64          // what was missed before this time was made good
	whole  bool           // all there was before is known
	first  uint64         // the oldest held event then: while it is held, nothing is missing between
	events *window.Window // numbered from 1; nil when they were let go
	after  []uint64       // of each: the held event that it came after; 0: before all
	used   uint64         // when it was last completed
}

// What the events of completed entities may take, in parts of the budget of states, and how many entities are remembered as
// completed.
const mostCompleted = 4096

// earlierOf is what is known of an entity's earlier events; nil when nothing is held of them.
func (st *Store) earlierOf(slot uint32) *earlier {
	x := st.completed[slot]
	if x == nil || x.events == nil || st.Window.First() > x.first || !st.Entities.IsUsed(slot) || st.Entities.At(slot).Born != x.born {
		return nil
	}
	return x
}

// keepEarlier remembers the earlier events of an entity, and lets those of others go where they take too much: first those of
// entities completed longest ago.
func (st *Store) keepEarlier(slot uint32, x *earlier) {
	st.dropEarlier(slot, true)
	st.completions++
	x.used = st.completions
	if st.completed == nil {
		st.completed = map[uint32]*earlier{}
	}
	st.completed[slot] = x
	st.earlierBytes += x.bytes()
	for st.earlierBytes > st.Earlier || len(st.completed) > mostCompleted {
		var oldest uint32
		var found *earlier
		forget := len(st.completed) > mostCompleted
		for other, y := range st.completed {
			if other != slot && (forget || y.events != nil) && (found == nil || y.used < found.used) {
				oldest, found = other, y
			}
		}
		if found == nil {
			return
		}
		st.dropEarlier(oldest, forget)
	}
}

// dropEarlier lets an entity's earlier events go; what is held of it stays as it is. It may be forgotten that it was completed.
func (st *Store) dropEarlier(slot uint32, forget bool) {
	x := st.completed[slot]
	if x == nil {
		return
	}
	if x.events != nil {
		st.earlierBytes -= x.bytes()
		if st.earlierOf(slot) != nil {
			st.cutBetween(slot, x)
		}
		st.amended++
		x.events, x.after = nil, nil
	}
	if forget {
		delete(st.completed, slot)
	}
}

// cutBetween notes of held events that the state before them cannot be told any more: an earlier one came just before, which
// is let go.
func (st *Store) cutBetween(slot uint32, x *earlier) {
	c := st.Chain(slot)
	for number, _, ok := c.Here(); ok; number, _, ok = c.Here() {
		c.Back()
		if before, _, more := c.Here(); more && number&isEarlier == 0 && before&isEarlier != 0 && x.after[before&(1<<earlierBits-1)-1] != 0 {
			st.Window.Amend(number, func(f *window.Facts) { f.Cut = true })
		}
	}
}

func (x *earlier) bytes() int64 {
	if x.events == nil {
		return 0
	}
	return x.events.Memory() + int64(cap(x.after))*8
}

// isCompleted tells whether an entity was completed since something of its kind was missed for the last time.
func (st *Store) isCompleted(slot uint32, since int64) bool {
	x := st.completed[slot]
	return x != nil && x.whole && x.since >= since && st.Entities.At(slot).Born == x.born
}

// HeldEarlier is the memory that earlier events take, and the states on the way back through an entity.
func (st *Store) HeldEarlier() int64 { return st.earlierBytes + st.way.bytes }

// WithEarlier are the entities of a kind of which earlier events are held.
func (st *Store) WithEarlier(kind string) []uint32 {
	var slots []uint32
	for slot := range st.completed {
		if st.earlierOf(slot) != nil && st.Entities.Kind(st.Entities.At(slot)).Name() == kind {
			slots = append(slots, slot)
		}
	}
	return slots
}
