package entities

import (
	"signalbox/sources/internal/packed"
	"signalbox/sources/state"
)

// Carried is what is carried over of an entity from another table.
type Carried struct {
	Last     uint64 // the number of its newest event
	Touched  int64
	Version  uint64
	Rejected uint64
	Known    bool          // Values is its state; otherwise that is given up
	Values   []state.Value // in memory of their own
	Fields   []int         // the slot here of each of them; -1 for none
}

// Carry adds an entity that another table has at a slot.
func (t *Table) Carry(k *state.Kind, id string, from *Table, slot uint32, c *Carried) {
	was := from.At(slot)
	born, first, flags := was.Born, was.first, was.flags
	here := t.Add(k, id, born, first, false)
	r := t.At(here)
	r.Version, r.rejected = uint32(c.Version), uint32(c.Rejected)
	t.kinds[r.kind-1].Rejected += c.Rejected
	s := &t.spare
	s.Reset(k)
	if c.Known {
		s.Partial = flags&isPartial != 0
		for i, v := range c.Values {
			if v.Kind() != state.Absent {
				s.Set(c.Fields[i], v)
			}
		}
		t.Store(here, s)
	}
	if r = t.At(here); c.Known {
		r.flags |= flags & (isMissed | isDropped)
	} else {
		t.setPartial(r, true)
		r.flags |= isGone | isDropped
	}
	t.Touch(here, c.Last, c.Touched)
}

// Oldest is the least recently touched entity + 1; 0 when there is none.
func (t *Table) Oldest() uint32 { return t.oldest }

// Newer is the entity that was touched just after another was, + 1; 0 when there is none.
func (t *Table) Newer(slot uint32) uint32 { return t.At(slot).newer }

// Rejected is how many events of an entity were refused.
func (t *Table) Rejected(r *Record) uint64 { return uint64(r.rejected) }

// Drop notes that what was known of the beginning of an entity was given up.
func (t *Table) Drop(r *Record) {
	t.setPartial(r, true)
	r.flags |= isDropped
}

// Forgotten is how many entities have left.
func (t *Table) Forgotten() uint64 { return t.forgotten }

// Remembers tells whether the counts are told as they were; see Remember.
func (t *Table) Remembers() bool { return t.tally != nil }

// Names is how many places for names there are.
func (t *Table) Names() uint32 { return t.names.Len() }

// NameAt is the name at a place, with the entity that it leads to; false where there is none, or that has left.
func (t *Table) NameAt(i uint32) (text string, slot uint32, ok bool) {
	n := t.names.At(i)
	if n.block == 0 || t.At(n.slot).Born != n.born || !t.IsUsed(n.slot) {
		return "", 0, false
	}
	return packed.String(t.names.arena.Bytes(n.block, int(n.size))), n.slot, true
}

// EntityAt names an entity, in memory of its own.
func (t *Table) EntityAt(slot uint32) state.Entity {
	r := t.At(slot)
	return state.Entity{Kind: t.Kind(r).Name(), ID: packed.Clone(t.ID(r))}
}
