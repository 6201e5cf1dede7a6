// Package entities is the table of all entities: found by kind and ID or by another name, listed by when they were last
// touched, each with its state. Its memory is bounded: those that were touched least recently lose their states, and then
// leave; those that may have lost something are marked partial.
//
// A Table is for one goroutine; nothing in it blocks. Rows and states that are copied have memory of their own; all else
// that it hands out is shared with it until it changes.
package entities

import (
	"cmp"
	"hash/maphash"
	"strings"

	"signalbox/sources/internal/packed"
	"signalbox/sources/internal/slab"
	"signalbox/sources/state"
)

// Table holds every entity in records without pointers: found by kind and ID, in a list by when they were last
// touched. An entity's ID and its state, encoded, share one block of the arena; a state with trees or lists, or
// too large for a block, is held as values: it is expanded.
type Table struct {
	slab.Index[Record, *Record]
	arena         slab.Arena
	expanded      map[uint32]*expanded
	expandedBytes int64 // bytes of all states held as values
	kinds         []*Counts
	byName        map[string][]*state.Kind
	seed          maphash.Seed
	newest        uint32 // the most recently touched + 1
	oldest        uint32 // the least recently touched + 1
	kept          uint32 // the least recently touched that has its state, + 1
	limit         int64
	names         *names
	scratch       []byte
	spare         state.State // for reading
	tally         *tally      // the counts of earlier moments; nil where they are not remembered
	event         uint64      // the one in hand

	forgotten uint64            // entities that have left
	leaves    func(slot uint32) // told before one leaves
	left      func(slot uint32) // likewise; nil for nobody
	changes   func(slot uint32) // told when one is new, and before one is touched
}

// Record is the record of one.
type Record struct {
	slab.Link
	older, newer uint32 // neighbours by when they were touched, + 1
	Last         uint64 // number of its newest event
	Born         uint64 // number of its first event
	first        int64  // when those were
	Touched      int64
	Version      uint32
	rejected     uint32
	block        uint32 // ID and state
	idLen        uint16
	stateLen     uint16
	kind         uint16 // from 1
	status       uint16 // in the counts of its kind, from 1
	flags        uint16
}

// What may be said of an entity.
const (
	isPartial  = uint16(1) << iota
	isExpanded // its state is in Table.expanded
	isGone     // its state was given up
	isChanged  // waits to be put in its place in the listing
	isMissed   // it is partial because events between those that were seen may be missing
	isDropped  // it is partial because what was known of it, or may have been, was given up for want of memory
)

// expanded is a state held as values.
type expanded struct {
	values []state.Value
	bytes  int64
}

// Chain is where the index of entities keeps the next one of the same hash.
func (r *Record) Chain() *slab.Link { return &r.Link }

// New makes a table that takes so many bytes at most, and so many for names.
func New(limit, nameLimit int64) *Table {
	t := &Table{expanded: map[uint32]*expanded{}, byName: map[string][]*state.Kind{}, seed: maphash.MakeSeed(), limit: limit, names: newNames(nameLimit)}
	t.arena.OnMove = func(owner, block uint32) { t.At(owner).block = block }
	t.leaves, t.changes = func(uint32) {}, func(uint32) {}
	return t
}

// Meet makes a kind known and numbers it; false when there are too many.
func (t *Table) Meet(k *state.Kind) bool {
	if t.countsOf(k) != nil {
		return true
	}
	if len(t.kinds) == 1<<16-1 {
		return false
	}
	t.kinds = append(t.kinds, &Counts{kind: k, byStatus: map[string]uint16{}})
	t.byName[k.Name()] = append(t.byName[k.Name()], k)
	k.Index = uint16(len(t.kinds))
	return true
}

// countsOf is what is counted of a kind; nil when the kind is not known.
func (t *Table) countsOf(k *state.Kind) *Counts {
	if int(k.Index) > len(t.kinds) || k.Index == 0 || t.kinds[k.Index-1].kind != k {
		return nil
	}
	return t.kinds[k.Index-1]
}

// Kind is the kind of an entity.
func (t *Table) Kind(r *Record) *state.Kind { return t.kinds[r.kind-1].kind }

// hash is 32 bits of kind and ID.
func (t *Table) hash(k *state.Kind, id string) uint32 {
	return uint32(maphash.String(t.seed, id)>>32) + uint32(k.Index)*0x9e3779b1
}

// Find looks an entity up.
func (t *Table) Find(k *state.Kind, id string) (uint32, bool) {
	hash := t.hash(k, id)
	for here := t.Index.First(hash); ; {
		if here = t.Match(here, hash); here == 0 {
			return 0, false
		}
		r := t.At(here - 1)
		if r.kind == k.Index && t.ID(r) == id {
			return here - 1, true
		}
		here = r.Next
	}
}

// ByName looks an entity up by the name of its kind.
func (t *Table) ByName(name state.Entity) (uint32, bool) {
	for _, k := range t.byName[name.Kind] {
		if slot, ok := t.Find(k, name.ID); ok {
			return slot, true
		}
	}
	return 0, false
}

// ID is an entity's ID, shared with the arena.
func (t *Table) ID(r *Record) string {
	return packed.String(t.arena.Bytes(r.block, int(r.idLen)))
}

// CompareNames compares two entities by ID, then kind.
func (t *Table) CompareNames(a, b uint32) int {
	x, y := t.At(a), t.At(b)
	return cmp.Or(strings.Compare(t.ID(x), t.ID(y)), strings.Compare(t.Kind(x).Name(), t.Kind(y).Name()), cmp.Compare(a, b))
}

// Miss notes that events of an entity may have been missed.
func (t *Table) Miss(r *Record) {
	t.setPartial(r, true)
	r.flags |= isMissed
}

// Add makes an entity, which began earlier or may have.
func (t *Table) Add(k *state.Kind, id string, number uint64, unixNano int64, began bool) uint32 {
	t.makeRoomForRecord()
	hash := t.hash(k, id)
	slot := t.Index.Add(hash)
	block := t.blockFor(len(id), slot)
	copy(t.arena.Bytes(block, len(id)), id)
	r := t.At(slot)
	r.Born, r.first, r.kind, r.block, r.idLen = number, unixNano, k.Index, block, uint16(len(id))
	t.note(isBorn, k.Index, 0, 0)
	t.kinds[k.Index-1].Total++
	t.setPartial(r, began || t.forgotten > 0)
	if t.forgotten > 0 && !began {
		r.flags |= isDropped
	}
	t.push(slot)
	return slot
}

// forget lets an entity go.
func (t *Table) forget(slot uint32) {
	t.leaves(slot)
	if t.left != nil {
		t.left(slot)
	}
	r := t.At(slot)
	if r.flags&isExpanded != 0 {
		t.dropExpanded(slot, r)
	}
	k := t.kinds[r.kind-1]
	t.note(hasLeft, r.kind, r.status, 0)
	k.Total--
	k.move(r.status, 0)
	t.setPartial(r, false)
	t.pull(slot)
	t.arena.Release(r.block)
	t.Remove(slot)
	r.kind = 0
	t.forgotten++
}

func (t *Table) setPartial(r *Record, partial bool) {
	switch k := t.kinds[r.kind-1]; {
	case partial && r.flags&isPartial == 0:
		t.note(becamePartial, r.kind, 0, 0)
		r.flags |= isPartial
		k.Partial++
	case !partial && r.flags&isPartial != 0:
		t.note(becameWhole, r.kind, 0, 0)
		r.flags &^= isPartial | isMissed | isDropped
		k.Partial--
	}
}

// Clear lets all entities go, and what was counted of them.
func (t *Table) Clear() {
	remembers := t.tally != nil
	t.tally = nil
	for t.oldest != 0 {
		t.forget(t.oldest - 1)
	}
	t.forgotten = 0
	for _, k := range t.kinds {
		k.Rejected, k.kind.Since = 0, 0
	}
	if remembers {
		t.Remember()
	}
}

// Watch has one function told of each entity before it is touched, also for the first time, and another of each before
// it leaves.
func (t *Table) Watch(changes, leaves func(slot uint32)) { t.changes, t.leaves = changes, leaves }

// OnLeave has one more function told of each entity before it leaves; nil for none.
func (t *Table) OnLeave(told func(slot uint32)) { t.left = told }
