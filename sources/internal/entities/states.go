package entities

import (
	"signalbox/sources/internal/slab"
	"signalbox/sources/state"
)

// How the entities' states are held, and dropped when there is no memory for all of them.

// recordShare is the part of the memory for entities that may be taken by all but their states.
const recordShare = 3.0 / 4

// Held is what all entities and names take, and the counts of earlier moments.
func (t *Table) Held() int64 {
	if t.tally != nil {
		return t.held() + t.names.held() + t.tally.bytes
	}
	return t.held() + t.names.held()
}

// held is what all entities take.
func (t *Table) held() int64 { return t.Index.Bytes() + t.arena.Size + t.expandedBytes }

// makeRoomForRecord sees to it that one more entity may be added: when the records take their share, the least recently
// touched entity leaves.
func (t *Table) makeRoomForRecord() {
	if !t.Grows() {
		return
	}
	if float64(t.Index.Bytes()) >= float64(t.limit)*recordShare {
		t.forget(t.oldest - 1)
		return
	}
	t.dropUntil(func() bool { return t.held() <= t.limit })
}

// dropUntil lets the least recently touched lose their states, and then leave, until there is room, or nothing is left to drop.
func (t *Table) dropUntil(room func() bool) {
	for !room() {
		if !t.dropOldest() {
			return
		}
	}
}

// blockFor finds a block; when there is no memory for another page, the least recently touched lose their states.
func (t *Table) blockFor(n int, slot uint32) uint32 {
	t.dropUntil(func() bool { return t.arena.Has(n) || t.held()+slab.PageSize <= t.limit })
	return t.arena.Alloc(n, slot)
}

// dropOldest drops the state of the least recently touched entity that has one, but for the newest; when none is
// left, that entity altogether.
func (t *Table) dropOldest() bool {
	if t.kept != 0 && t.kept != t.newest {
		slot := t.kept - 1
		t.kept = t.At(slot).newer
		t.DropState(slot)
		return true
	}
	if t.oldest != 0 && t.oldest != t.newest {
		t.forget(t.oldest - 1)
		return true
	}
	return false
}

// DropState lets the state of an entity go.
func (t *Table) DropState(slot uint32) {
	r := t.At(slot)
	switch {
	case r.flags&isExpanded != 0:
		t.dropExpanded(slot, r)
	case r.stateLen > 0:
		t.move(r, t.arena.Alloc(int(r.idLen), slot))
		r.stateLen = 0
	default:
		return
	}
	r.flags |= isGone | isDropped
	t.setPartial(r, true)
}

// dropExpanded lets a state that is held as values go.
func (t *Table) dropExpanded(slot uint32, r *Record) {
	t.expandedBytes -= t.expanded[slot].bytes
	delete(t.expanded, slot)
	r.flags &^= isExpanded
}

// Load makes s the state of an entity. What is not held as values shares its text with the arena.
func (t *Table) Load(slot uint32, s *state.State) {
	r := t.At(slot)
	s.Reset(t.Kind(r))
	s.Version, s.Partial = uint64(r.Version), r.flags&isPartial != 0
	s.Missed = r.flags&isMissed != 0
	if r.flags&isExpanded != 0 {
		s.SetValues(t.expanded[slot].values)
		s.Taken = t.expanded[slot].bytes
		return
	}
	s.Read(t.stateBytes(r))
	s.Taken = int64(r.stateLen)
}

// Unload ends the use of a state that was loaded and is not stored.
func (t *Table) Unload(slot uint32, s *state.State) {
	if t.At(slot).flags&isExpanded != 0 {
		t.expanded[slot].values = s.Values() // what was written and undone may have moved them
		s.SetValues(nil)
	}
}

// Store makes s, just changed by a fold, the state of the entity it was loaded for.
func (t *Table) Store(slot uint32, s *state.State) {
	r := t.At(slot)
	r.flags &^= isGone
	t.setPartial(r, s.Partial)
	k := t.kinds[r.kind-1]
	if now := k.statusAfter(r.status, s.Get(0).String()); now != r.status {
		t.note(hasStatus, r.kind, r.status, now)
		k.move(r.status, now)
		r.status = now
	}
	if r.flags&isExpanded != 0 {
		t.grow(t.expanded[slot], s)
		s.SetValues(nil)
	} else if len(s.Changes()) > 0 {
		t.encode(slot, r, s)
	}
	if t.held() > t.limit && t.expandedBytes > 0 {
		t.dropUntil(func() bool { return t.held() <= t.limit })
		if t.held() > t.limit && r.flags&isExpanded != 0 {
			t.DropState(slot)
		}
	}
}

// encode makes bytes of a state, or holds it as values where bytes would not do.
func (t *Table) encode(slot uint32, r *Record, s *state.State) {
	flat := true
	for _, v := range s.Values() {
		flat = flat && !v.Nested()
	}
	if flat {
		t.scratch = state.AppendState(t.scratch[:0], s.Values())
		if flat = int(r.idLen)+len(t.scratch) <= slab.MostBlock; flat {
			t.rewrite(slot, r, t.scratch)
			return
		}
	}
	a := &expanded{values: make([]state.Value, s.Len())}
	for i, v := range s.Values() {
		a.values[i] = v.Own()
		a.bytes += state.EntrySize + v.Size()
	}
	t.expanded[slot] = a
	t.expandedBytes += a.bytes
	if r.stateLen > 0 {
		t.rewrite(slot, r, nil)
	}
	r.flags |= isExpanded
}

// grow takes the changes over into a state that is held as values.
func (t *Table) grow(a *expanded, s *state.State) {
	before := a.bytes
	for _, c := range s.Changes() {
		a.bytes += c.Growth()
	}
	s.Commit()
	a.values = s.Values()
	t.expandedBytes += a.bytes - before
}

// rewrite puts another state behind an entity's ID.
func (t *Table) rewrite(slot uint32, r *Record, state []byte) {
	n := int(r.idLen) + len(state)
	if !t.arena.Fits(r.block, n) {
		t.move(r, t.blockFor(n, slot))
	}
	copy(t.arena.Bytes(r.block, n)[r.idLen:], state)
	r.stateLen = uint16(len(state))
}

// move takes an entity's ID to another block.
func (t *Table) move(r *Record, to uint32) {
	from := r.block
	copy(t.arena.Bytes(to, int(r.idLen)), t.ID(r))
	r.block = to
	t.arena.Release(from)
}
