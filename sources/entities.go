package sources

import (
	"cmp"
	"hash/maphash"
	"strings"

	"signalbox/sources/internal/packed"
	"signalbox/sources/internal/slab"
	"signalbox/sources/state"
)

// entities holds every entity in records without pointers: found by kind and ID, in a list by when they were last
// touched. An entity's ID and its state, encoded, share one block of the arena; a state with trees or lists, or
// too large for a block, is alive: it is held as values.
type entities struct {
	slab.Index[entity, *entity]
	arena   slab.Arena
	alive   map[uint32]*alive
	living  int64 // bytes of all that is alive
	kinds   []*tally
	byName  map[string][]*state.Kind
	seed    maphash.Seed
	newest  uint32 // the most recently touched + 1
	oldest  uint32 // the least recently touched + 1
	kept    uint32 // the least recently touched that has its state, + 1
	limit   int64
	scratch []byte
	spare   state.State // for reading

	forgotten uint64            // entities that have left
	leaves    func(slot uint32) // told before one leaves
	changes   func(slot uint32) // told when one is new or touched
}

// entity is the record of one.
type entity struct {
	slab.Link
	older, newer uint32 // neighbours by when they were touched, + 1
	last         uint64 // number of its newest event
	born         uint64 // number of its first event
	first        int64  // when those were
	touched      int64
	version      uint32
	rejected     uint32
	block        uint32 // ID and state
	idLen        uint16
	stateLen     uint16
	kind         uint16 // from 1
	status       uint16 // in the tally of its kind, from 1
	flags        uint16
}

// What may be said of an entity.
const (
	isPartial = uint16(1) << iota
	isAlive   // its state is in entities.alive
	isGone    // its state was given up
	isChanged // waits to be put in its place in the listing
)

// alive is a state held as values.
type alive struct {
	values []state.Value
	bytes  int64
}

func (r *entity) Chain() *slab.Link { return &r.Link }

func newEntities(limit int64) *entities {
	t := &entities{alive: map[uint32]*alive{}, byName: map[string][]*state.Kind{}, seed: maphash.MakeSeed(), limit: limit}
	t.arena.OnMove = func(owner, block uint32) { t.At(owner).block = block }
	t.leaves, t.changes = func(uint32) {}, func(uint32) {}
	return t
}

// meet makes a kind known and numbers it; false when there are too many.
func (t *entities) meet(k *state.Kind) bool {
	if t.tally(k) != nil {
		return true
	}
	if len(t.kinds) == 1<<16-1 {
		return false
	}
	t.kinds = append(t.kinds, &tally{kind: k, byStatus: map[string]uint16{}})
	t.byName[k.Name()] = append(t.byName[k.Name()], k)
	k.Index = uint16(len(t.kinds))
	return true
}

// tally is what is counted of a kind; nil when the kind is not known.
func (t *entities) tally(k *state.Kind) *tally {
	if int(k.Index) > len(t.kinds) || k.Index == 0 || t.kinds[k.Index-1].kind != k {
		return nil
	}
	return t.kinds[k.Index-1]
}

func (t *entities) kind(r *entity) *state.Kind { return t.kinds[r.kind-1].kind }

// hash is 32 bits of kind and ID.
func (t *entities) hash(k *state.Kind, id string) uint32 {
	return uint32(maphash.String(t.seed, id)>>32) + uint32(k.Index)*0x9e3779b1
}

// find looks an entity up.
func (t *entities) find(k *state.Kind, id string) (uint32, bool) {
	hash := t.hash(k, id)
	for here := t.Index.First(hash); ; {
		if here = t.Match(here, hash); here == 0 {
			return 0, false
		}
		r := t.At(here - 1)
		if r.kind == k.Index && t.id(r) == id {
			return here - 1, true
		}
		here = r.Next
	}
}

// named looks an entity up by the name of its kind.
func (t *entities) named(name Entity) (uint32, bool) {
	for _, k := range t.byName[name.Kind] {
		if slot, ok := t.find(k, name.ID); ok {
			return slot, true
		}
	}
	return 0, false
}

// id is an entity's ID, shared with the arena.
func (t *entities) id(r *entity) string { return packed.String(t.arena.Bytes(r.block, int(r.idLen))) }

// compareNames compares two entities by ID, then kind.
func (t *entities) compareNames(a, b uint32) int {
	x, y := t.At(a), t.At(b)
	return cmp.Or(strings.Compare(t.id(x), t.id(y)), strings.Compare(t.kind(x).Name(), t.kind(y).Name()), cmp.Compare(a, b))
}

// add makes an entity.
func (t *entities) add(k *state.Kind, id string, number uint64, unixNano int64, partial bool) uint32 {
	t.makeRoomForRecord()
	hash := t.hash(k, id)
	slot := t.Index.Add(hash)
	block := t.blockFor(len(id), slot)
	copy(t.arena.Bytes(block, len(id)), id)
	r := t.At(slot)
	r.born, r.first, r.kind, r.block, r.idLen = number, unixNano, k.Index, block, uint16(len(id))
	t.kinds[k.Index-1].total++
	t.setPartial(r, partial || t.forgotten > 0)
	t.push(slot)
	return slot
}

// forget lets an entity go.
func (t *entities) forget(slot uint32) {
	t.leaves(slot)
	r := t.At(slot)
	if r.flags&isAlive != 0 {
		t.kill(slot, r)
	}
	k := t.kinds[r.kind-1]
	k.total--
	k.move(r.status, 0)
	t.setPartial(r, false)
	t.pull(slot)
	t.arena.Release(r.block)
	t.Remove(slot)
	r.kind = 0
	t.forgotten++
}

func (t *entities) setPartial(r *entity, partial bool) {
	switch k := t.kinds[r.kind-1]; {
	case partial && r.flags&isPartial == 0:
		r.flags |= isPartial
		k.partial++
	case !partial && r.flags&isPartial != 0:
		r.flags &^= isPartial
		k.partial--
	}
}
