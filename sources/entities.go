package sources

import (
	"cmp"
	"hash/maphash"
	"strings"
)

// entities holds every entity in records without pointers: found by kind and ID, in a list by when they were last
// touched. An entity's ID and its state, encoded, share one block of the arena; a state with trees or lists, or
// too large for a block, is alive: it is held as values.
type entities struct {
	index[entity, *entity]
	arena   arena
	alive   map[uint32]*alive
	living  int64 // bytes of all that is alive
	kinds   []*Kind
	byName  map[string][]*Kind
	seed    maphash.Seed
	newest  uint32 // the most recently touched + 1
	oldest  uint32 // the least recently touched + 1
	kept    uint32 // the least recently touched that has its state, + 1
	limit   int64
	scratch []byte
	spare   State // for reading

	forgotten uint64            // entities that have left
	leaves    func(slot uint32) // told before one leaves
	changes   func(slot uint32) // told when one is new or touched
}

// entity is the record of one.
type entity struct {
	link
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
	values []Value
	bytes  int64
}

func (r *entity) chain() *link { return &r.link }

func newEntities(limit int64) *entities {
	t := &entities{alive: map[uint32]*alive{}, byName: map[string][]*Kind{}, seed: maphash.MakeSeed(), limit: limit}
	t.arena.moved = func(owner, block uint32) { t.at(owner).block = block }
	t.leaves, t.changes = func(uint32) {}, func(uint32) {}
	return t
}

// meet makes a kind known; false when there are too many.
func (t *entities) meet(k *Kind) bool {
	if k.tally != nil {
		return true
	}
	if len(t.kinds) == 1<<16-1 {
		return false
	}
	t.kinds = append(t.kinds, k)
	t.byName[k.name] = append(t.byName[k.name], k)
	k.tally = &tally{index: uint16(len(t.kinds)), byStatus: map[string]uint16{}}
	return true
}

func (t *entities) kind(r *entity) *Kind { return t.kinds[r.kind-1] }

// hash is 32 bits of kind and ID.
func (t *entities) hash(k *Kind, id string) uint32 {
	return uint32(maphash.String(t.seed, id)>>32) + uint32(k.tally.index)*0x9e3779b1
}

// find looks an entity up.
func (t *entities) find(k *Kind, id string) (uint32, bool) {
	hash := t.hash(k, id)
	for here := t.index.first(hash); ; {
		if here = t.match(here, hash); here == 0 {
			return 0, false
		}
		r := t.at(here - 1)
		if r.kind == k.tally.index && t.id(r) == id {
			return here - 1, true
		}
		here = r.next
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
func (t *entities) id(r *entity) string { return view(t.arena.bytes(r.block, int(r.idLen))) }

// compareNames compares two entities by ID, then kind.
func (t *entities) compareNames(a, b uint32) int {
	x, y := t.at(a), t.at(b)
	return cmp.Or(strings.Compare(t.id(x), t.id(y)), strings.Compare(t.kind(x).name, t.kind(y).name), cmp.Compare(a, b))
}

// add makes an entity.
func (t *entities) add(k *Kind, id string, number uint64, unixNano int64, partial bool) uint32 {
	t.makeRoomForRecord()
	hash := t.hash(k, id)
	slot := t.index.add(hash)
	block := t.blockFor(len(id), slot)
	copy(t.arena.bytes(block, len(id)), id)
	r := t.at(slot)
	r.born, r.first, r.kind, r.block, r.idLen = number, unixNano, k.tally.index, block, uint16(len(id))
	k.tally.total++
	t.setPartial(r, partial || t.forgotten > 0)
	t.push(slot)
	return slot
}

// forget lets an entity go.
func (t *entities) forget(slot uint32) {
	t.leaves(slot)
	r := t.at(slot)
	if r.flags&isAlive != 0 {
		t.kill(slot, r)
	}
	k := t.kind(r).tally
	k.total--
	k.move(r.status, 0)
	t.setPartial(r, false)
	t.pull(slot)
	t.arena.release(r.block)
	t.remove(slot)
	r.kind = 0
	t.forgotten++
}

func (t *entities) setPartial(r *entity, partial bool) {
	switch k := t.kind(r).tally; {
	case partial && r.flags&isPartial == 0:
		r.flags |= isPartial
		k.partial++
	case !partial && r.flags&isPartial != 0:
		r.flags &^= isPartial
		k.partial--
	}
}
