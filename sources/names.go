package sources

import (
	"hash/maphash"

	"signalbox/sources/internal/packed"
)

// names leads from other names to the entities that bear them, as many as there is memory for; the oldest leave.
type names struct {
	index[name, *name]
	arena arena
	seed  maphash.Seed
	limit int64
	hand  uint32 // the next to leave
}

// name is one name, and the entity it leads to as long as that is the one that was born then.
type name struct {
	link
	block uint32 // 0 when the record is not used
	size  uint32
	slot  uint32
	born  uint64
}

func (n *name) chain() *link { return &n.link }

func newNames(limit int64) *names {
	t := &names{seed: maphash.MakeSeed(), limit: limit}
	t.arena.moved = func(owner, block uint32) { t.at(owner).block = block }
	return t
}

func (t *names) held() int64 { return t.index.bytes() + t.arena.held }

func (t *names) hash(text string) uint32 { return uint32(maphash.String(t.seed, text) >> 32) }

func (t *names) find(text string) (*name, bool) {
	hash := t.hash(text)
	for here := t.first(hash); ; {
		if here = t.match(here, hash); here == 0 {
			return nil, false
		}
		n := t.at(here - 1)
		if packed.String(t.arena.bytes(n.block, int(n.size))) == text {
			return n, true
		}
		here = n.next
	}
}

// lead makes a name lead to an entity.
func (t *names) lead(text string, slot uint32, born uint64) {
	if len(text) > mostID {
		return
	}
	if n, ok := t.find(text); ok {
		n.slot, n.born = slot, born
		return
	}
	for t.held() >= t.limit && t.count > 0 && (t.free == 0 || !t.arena.has(len(text))) {
		t.leave()
	}
	i := t.add(t.hash(text))
	block := t.arena.alloc(len(text), i)
	copy(t.arena.bytes(block, len(text)), text)
	n := t.at(i)
	n.block, n.size, n.slot, n.born = block, uint32(len(text)), slot, born
}

// leave lets one of the oldest names go.
func (t *names) leave() {
	for {
		i := t.hand % t.n
		t.hand = i + 1
		if n := t.at(i); n.block != 0 {
			t.arena.release(n.block)
			n.block = 0
			t.remove(i)
			return
		}
	}
}
