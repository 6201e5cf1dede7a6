// Package rank keeps entities sorted while they come, go and change, so that those from a rank on are found at once.
//
// An Order is for one goroutine. It knows an entity by its slot alone, and what it is sorted by as a Key.
package rank

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"signalbox/sources/state"
)

// Order is blocks of entries, sorted within and among each other, so that an entry is found by its rank
// or moved without touching more than a block and the list of blocks.
type Order struct {
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
	key  Key
	slot uint32
}

// Key sorts by the beginning of what it was made from, 15 bytes of a text.
type Key struct{ High, Low uint64 }

const blockSize = 256

// New makes an empty one, in reverse if so wanted; tie compares what never changes of two entities with the same key.
func New(reverse bool, tie func(a, b uint32) int) *Order {
	return &Order{reverse: reverse, tie: tie}
}

// OfNumber sorts whole numbers.
func OfNumber(n uint64) Key { return Key{High: n} }

func (o *Order) compare(a, b entry) int {
	c := cmp.Or(cmp.Compare(a.key.High, b.key.High), cmp.Compare(a.key.Low, b.key.Low))
	if c == 0 && a.slot != b.slot {
		c = o.tie(a.slot, b.slot)
	}
	if o.reverse {
		return -c
	}
	return c
}

// Has tells whether an entity is there.
func (o *Order) Has(slot uint32) bool { return int(slot) < len(o.where) && o.where[slot] != 0 }

// KeyOf is the key that an entity is sorted by.
func (o *Order) KeyOf(slot uint32) (Key, bool) {
	if !o.Has(slot) {
		return Key{}, false
	}
	b := o.byID[o.where[slot]-1]
	return b.entries[b.place(slot)].key, true
}

// Rank is how many entities stand before one.
func (o *Order) Rank(slot uint32) (rank int, ok bool) {
	if !o.Has(slot) {
		return 0, false
	}
	in := o.byID[o.where[slot]-1]
	for _, b := range o.blocks {
		if b == in {
			break
		}
		rank += len(b.entries)
	}
	return rank + in.place(slot), true
}

func (b *block) place(slot uint32) int {
	return slices.IndexFunc(b.entries, func(x entry) bool { return x.slot == slot })
}

// Insert puts in an entity that is not there.
func (o *Order) Insert(slot uint32, k Key) {
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

func (o *Order) addBlock(at int, entries []entry) {
	b := &block{id: uint32(len(o.byID)), entries: append(make([]entry, 0, blockSize), entries...)}
	o.byID = append(o.byID, b)
	o.blocks = slices.Insert(o.blocks, at, b)
	for _, x := range entries {
		o.where[x.slot] = b.id + 1
	}
}

// Remove takes an entity out, if it is there.
func (o *Order) Remove(slot uint32) {
	if !o.Has(slot) {
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
func (o *Order) dropID(b *block) {
	last := o.byID[len(o.byID)-1]
	o.byID[b.id] = last
	for _, x := range last.entries {
		o.where[x.slot] = b.id + 1
	}
	last.id = b.id
	o.byID = o.byID[:len(o.byID)-1]
}

// From calls visit with the entities from a rank on, until it returns false.
func (o *Order) From(rank int, visit func(slot uint32) bool) {
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

// Len is how many there are.
func (o *Order) Len() int { return o.n }

// Held estimates the bytes it takes.
func (o *Order) Held() int64 { return int64(len(o.byID))*blockSize*24 + int64(cap(o.where))*4 }

// Of sorts truths before numbers before texts before everything else before nothing.
func Of(v state.Value) Key {
	if f, ok := v.Float(); ok {
		bits := math.Float64bits(f)
		if bits>>63 != 0 {
			bits = ^bits
		} else {
			bits |= 1 << 63
		}
		return Key{1<<56 | bits>>8, bits << 56}
	}
	switch v.Kind() {
	case state.Bool:
		if v.Bool() {
			return Key{0, 1}
		}
		return Key{0, 0}
	case state.Text:
		return OfText(v.Text())
	case state.Absent:
		return Key{4 << 56, 0}
	}
	return Key{3 << 56, 0}
}

// OfText is the key of a text: its beginning.
func OfText(s string) Key {
	var b [16]byte
	b[0] = 2
	copy(b[1:], s)
	return Key{binary.BigEndian.Uint64(b[:]), binary.BigEndian.Uint64(b[8:])}
}
