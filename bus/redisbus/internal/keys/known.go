package keys

import (
	"hash/maphash"

	"signalbox/bus"
)

// known is what a feed remembers of the keys that it has read: fingerprints of their names and values. It holds maxKeys at
// most, and draws on the budget of all feeds. It belongs to the feed's goroutine.
type known struct {
	share *bus.Share
	all   map[uint64]seenKey // by the fingerprint of the name
	look  uint32             // at all keys, the newest
}

// seenKey is what is remembered of one key.
type seenKey struct {
	mark uint64 // of the value
	look uint32 // that has seen it last
}

// seenBytes is what one takes in the map.
const seenBytes = 48

// againAtOnce is how many keys that are known each look reads again, one after the other: what is overwritten is found so
// where nothing tells of it.
const againAtOnce = 100

func newKnown(budget *bus.Budget) *known {
	return &known{share: budget.Share(maxKeys * seenBytes), all: make(map[uint64]seenKey)}
}

func fingerprint(name string) uint64 { return maphash.String(seed, name) }

// mark is the fingerprint of what a key held; false where the key is not known.
func (k *known) mark(name string) (uint64, bool) {
	p, ok := k.all[fingerprint(name)]
	return p.mark, ok
}

// set remembers what a key holds. It reports false where there is no room for one more.
func (k *known) set(name string, mark uint64) bool {
	at := fingerprint(name)
	if _, ok := k.all[at]; !ok && !k.share.Take(seenBytes) {
		return false
	}
	k.all[at] = seenKey{mark, k.look}
	return true
}

// wants tells whether a look that has found a key is to read it: it is not known, or has its turn.
func (k *known) wants(name string) bool {
	at := fingerprint(name)
	p, ok := k.all[at]
	if !ok {
		return true
	}
	p.look = k.look
	k.all[at] = p
	turns := uint64(len(k.all)/againAtOnce + 1)
	return at%turns == uint64(k.look)%turns
}

// forget forgets the keys that the newest look has not found.
func (k *known) forget() {
	for at, p := range k.all {
		if p.look != k.look {
			delete(k.all, at)
			k.share.Free(seenBytes)
		}
	}
}

// close gives back what is held.
func (k *known) close() {
	k.share.Free(int64(len(k.all)) * seenBytes)
	clear(k.all)
}
