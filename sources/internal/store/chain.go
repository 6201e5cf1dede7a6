package store

import "signalbox/sources/internal/window"

// Chain is the events of one entity, from the newest back: those that are held and, where the entity was completed, those that
// the broker told besides. It can be left between two steps.
type Chain struct {
	store   *Store
	slot    uint32
	number  uint64 // the held event to come to next; 0: none
	earlier *earlier
	left    int // earlier events that were not come to
}

// isEarlier says of the number of an event that it is an earlier one: which entity's stands in the bits above earlierBits, and
// below which of them it is, from 1.
const (
	isEarlier   = uint64(1) << 63
	earlierBits = 32
)

// Chain begins at an entity's newest event.
func (st *Store) Chain(slot uint32) Chain {
	r := st.Entities.At(slot)
	c := Chain{store: st, slot: slot}
	if st.Window.Has(r.Last) {
		c.number = r.Last
	}
	if c.earlier = st.earlierOf(slot); c.earlier != nil {
		c.left = len(c.earlier.after)
	}
	return c
}

// Here is the event that was come to; false at the end.
func (c *Chain) Here() (number uint64, held window.Held, ok bool) {
	if c.left > 0 {
		if c.store.Window.First() > c.earlier.first || c.earlier.events == nil { // what lay between has left meanwhile
			c.left = 0
		} else if c.number == 0 || c.earlier.after[c.left-1] >= c.number {
			return earlierNumber(c.slot, c.left), c.earlier.events.Get(uint64(c.left)), true
		}
	}
	if c.number == 0 || !c.store.Window.Has(c.number) {
		return 0, held, false
	}
	return c.number, c.store.Window.Get(c.number), true
}

// Back goes on to the event before.
func (c *Chain) Back() {
	if number, held, ok := c.Here(); ok {
		c.pass(number, held)
	}
}

// pass is Back for whoever has asked what is here.
func (c *Chain) pass(number uint64, held window.Held) {
	switch {
	case number&isEarlier != 0:
		c.left--
	case held.Back() == 0 || !c.store.Window.Has(number-held.Back()):
		c.number = 0
	default:
		c.number = number - held.Back()
	}
}

func earlierNumber(slot uint32, i int) uint64 {
	return isEarlier | uint64(slot)<<earlierBits | uint64(i)
}

// Held is an event by its number; false where it is held no more.
func (st *Store) Held(number uint64) (window.Held, bool) {
	if number&isEarlier == 0 {
		if !st.Window.Has(number) {
			return window.Held{}, false
		}
		return st.Window.Get(number), true
	}
	x, i := st.earlierOf(slotOf(number)), number&(1<<earlierBits-1)
	if x == nil || i == 0 || i > uint64(len(x.after)) {
		return window.Held{}, false
	}
	return x.events.Get(i), true
}

func slotOf(number uint64) uint32 { return uint32(number &^ isEarlier >> earlierBits) }

// IsEarlier tells whether a number is that of an event which came before what is held: it stands in no list of events.
func IsEarlier(number uint64) bool { return number&isEarlier != 0 }

// later tells whether an event came after another one of the same entity. Both must be held, or have been.
func (st *Store) later(number, than uint64) bool {
	a, i := st.order(number)
	b, j := st.order(than)
	return a > b || a == b && i > j
}

// order is where an event stands among all of its entity: after which held one and, where it is an earlier one, which it is.
func (st *Store) order(number uint64) (after, i uint64) {
	if number&isEarlier == 0 {
		return number, 0
	}
	i = number & (1<<earlierBits - 1)
	if x := st.earlierOf(slotOf(number)); x != nil && i > 0 && i <= uint64(len(x.after)) {
		return x.after[i-1], i
	}
	return 0, i
}
