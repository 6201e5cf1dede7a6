package sources

import (
	"cmp"
	"encoding/binary"
	"math"
	"signalbox/sources/state"
	"slices"
)

// order keeps entities sorted while they come, go and change: blocks of entries, sorted within and among each other, so
// that an entry is found by its rank or moved without touching more than a block and the list of blocks.
type order struct {
	blocks  []*block
	byID    []*block
	where   []uint32 // by entity: the ID of its block + 1
	n       int
	reverse bool
	tie     func(a, b uint32) int // compares what never changes of two entities
}

type block struct {
	id      uint32
	entries []entry
}

// entry is an entity with its key as it was when it was put in.
type entry struct {
	key  key
	slot uint32
}

// key sorts by the beginning of what it was made from, 15 bytes of a text.
type key struct{ high, low uint64 }

const blockSize = 256

func (o *order) compare(a, b entry) int {
	c := cmp.Or(cmp.Compare(a.key.high, b.key.high), cmp.Compare(a.key.low, b.key.low))
	if c == 0 && a.slot != b.slot {
		c = o.tie(a.slot, b.slot)
	}
	if o.reverse {
		return -c
	}
	return c
}

// has is the key that an entity is sorted by.
func (o *order) has(slot uint32) (key, bool) {
	if int(slot) >= len(o.where) || o.where[slot] == 0 {
		return key{}, false
	}
	b := o.byID[o.where[slot]-1]
	return b.entries[b.place(slot)].key, true
}

func (b *block) place(slot uint32) int {
	return slices.IndexFunc(b.entries, func(x entry) bool { return x.slot == slot })
}

// insert puts in an entity that is not there.
func (o *order) insert(slot uint32, k key) {
	for len(o.where) <= int(slot) {
		o.where = append(o.where, 0)
	}
	if len(o.blocks) == 0 {
		o.addBlock(0, nil)
	}
	x := entry{k, slot}
	i, _ := slices.BinarySearchFunc(o.blocks[1:], x, func(b *block, x entry) int { return o.compare(b.entries[0], x) })
	b := o.blocks[i]
	at, _ := slices.BinarySearchFunc(b.entries, x, o.compare)
	b.entries = slices.Insert(b.entries, at, x)
	o.where[slot] = b.id + 1
	o.n++
	if len(b.entries) == blockSize {
		o.addBlock(i+1, b.entries[blockSize/2:])
		b.entries = b.entries[:blockSize/2]
	}
}

func (o *order) addBlock(at int, entries []entry) {
	b := &block{id: uint32(len(o.byID)), entries: append(make([]entry, 0, blockSize), entries...)}
	o.byID = append(o.byID, b)
	o.blocks = slices.Insert(o.blocks, at, b)
	for _, x := range entries {
		o.where[x.slot] = b.id + 1
	}
}

// remove takes an entity out, if it is there.
func (o *order) remove(slot uint32) {
	if int(slot) >= len(o.where) || o.where[slot] == 0 {
		return
	}
	b := o.byID[o.where[slot]-1]
	at := b.place(slot)
	b.entries = slices.Delete(b.entries, at, at+1)
	o.where[slot] = 0
	o.n--
	if len(b.entries) == 0 {
		o.blocks = slices.DeleteFunc(o.blocks, func(other *block) bool { return other == b })
		o.dropID(b)
	}
}

// dropID gives the ID of a block that has left to the last one.
func (o *order) dropID(b *block) {
	last := o.byID[len(o.byID)-1]
	o.byID[b.id] = last
	for _, x := range last.entries {
		o.where[x.slot] = b.id + 1
	}
	last.id = b.id
	o.byID = o.byID[:len(o.byID)-1]
}

// from calls visit with the entities from a rank on, until it returns false.
func (o *order) from(rank int, visit func(slot uint32) bool) {
	for _, b := range o.blocks {
		if rank >= len(b.entries) {
			rank -= len(b.entries)
			continue
		}
		for _, x := range b.entries[rank:] {
			if !visit(x.slot) {
				return
			}
		}
		rank = 0
	}
}

// held estimates the bytes it takes.
func (o *order) held() int64 { return int64(len(o.byID))*blockSize*24 + int64(cap(o.where))*4 }

// keyOf sorts truths before numbers before texts before everything else before nothing.
func keyOf(v state.Value) key {
	if f, ok := v.Float(); ok {
		bits := math.Float64bits(f)
		if bits>>63 != 0 {
			bits = ^bits
		} else {
			bits |= 1 << 63
		}
		return key{1<<56 | bits>>8, bits << 56}
	}
	switch v.Kind() {
	case state.Bool:
		if v.Bool() {
			return key{0, 1}
		}
		return key{0, 0}
	case state.Text:
		return keyOfText(v.Text())
	case state.Absent:
		return key{4 << 56, 0}
	}
	return key{3 << 56, 0}
}

func keyOfText(s string) key {
	var b [16]byte
	b[0] = 2
	copy(b[1:], s)
	return key{binary.BigEndian.Uint64(b[:]), binary.BigEndian.Uint64(b[8:])}
}
