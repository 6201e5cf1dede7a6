package entities

import (
	"hash/maphash"

	"signalbox/sources/internal/packed"
	"signalbox/sources/internal/slab"
)

// names leads from other names to the entities that bear them, as many as there is memory for; the oldest leave.
type names struct {
	slab.Index[name, *name]
	arena slab.Arena
	seed  maphash.Seed
	limit int64
	hand  uint32 // the next to leave
}

// name is one name, and the entity it leads to as long as that is the one that was born then.
type name struct {
	slab.Link
	block uint32 // 0 when the record is not used
	size  uint32
	slot  uint32
	born  uint64
	led   uint64 // the event in hand when it was last given
}

func (n *name) Chain() *slab.Link { return &n.Link }

func newNames(limit int64) *names {
	t := &names{seed: maphash.MakeSeed(), limit: limit}
	t.arena.OnMove = func(owner, block uint32) { t.At(owner).block = block }
	return t
}

func (t *names) held() int64 { return t.Index.Bytes() + t.arena.Size }

func (t *names) hash(text string) uint32 { return uint32(maphash.String(t.seed, text) >> 32) }

func (t *names) find(text string) (*name, bool) {
	hash := t.hash(text)
	for here := t.First(hash); ; {
		if here = t.Match(here, hash); here == 0 {
			return nil, false
		}
		n := t.At(here - 1)
		if packed.String(t.arena.Bytes(n.block, int(n.size))) == text {
			return n, true
		}
		here = n.Next
	}
}

// lead makes a name lead to an entity, as an event says.
func (t *names) lead(text string, slot uint32, born, event uint64) {
	if len(text) > MostID {
		return
	}
	if n, ok := t.find(text); ok {
		n.slot, n.born, n.led = slot, born, event
		return
	}
	for t.held() >= t.limit && t.Count() > 0 && (!t.Reuses() || !t.arena.Has(len(text))) {
		t.leave()
	}
	i := t.Add(t.hash(text))
	block := t.arena.Alloc(len(text), i)
	copy(t.arena.Bytes(block, len(text)), text)
	n := t.At(i)
	n.block, n.size, n.slot, n.born, n.led = block, uint32(len(text)), slot, born, event
}

// leave lets one of the oldest names go.
func (t *names) leave() {
	for {
		i := t.hand % t.Len()
		t.hand = i + 1
		if n := t.At(i); n.block != 0 {
			t.arena.Release(n.block)
			n.block = 0
			t.Remove(i)
			return
		}
	}
}

// Lead makes a name lead to an entity.
func (t *Table) Lead(text string, slot uint32) { t.names.lead(text, slot, t.At(slot).Born, t.event) }

// LedTo is the entity that a name leads to, when that is still the one that the name was given to.
func (t *Table) LedTo(text string) (slot uint32, known bool) {
	n, ok := t.names.find(text)
	if !ok || t.At(n.slot).Born != n.born {
		return 0, false
	}
	return n.slot, true
}
