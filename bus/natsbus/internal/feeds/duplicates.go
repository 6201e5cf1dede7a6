package feeds

import (
	"hash/maphash"
	"sync"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/core"
)

// duplicates finds messages of a queue that are both fetched and received, by their contents, so that they are shown once.
// It remembers up to maxFetched that were fetched, and the newest maxReceived to 2*maxReceived that were received.
type duplicates struct {
	seed          maphash.Seed
	halfForgotten chan struct{} // capacity 1: the older half of what was received was forgotten just now

	mu       sync.Mutex
	fetches  map[uint64]int // fetched while the gate was shut; may still be received
	new, old map[uint64]int // received, the older half apart; may be fetched after an outage
	newCount int
	round    int
}

const (
	maxFetched  = 1 << 15
	maxReceived = 1 << 15
)

func newDuplicates() duplicates {
	return duplicates{seed: maphash.MakeSeed(), halfForgotten: make(chan struct{}, 1), fetches: map[uint64]int{}, new: map[uint64]int{}}
}

// fetched tells whether a message that was fetched had been received before. One that may still be received is noted.
func (d *duplicates) fetched(m *bus.Message, mayBeReceived bool) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	key := d.key(m)
	if remove(d.new, key) || remove(d.old, key) {
		return true
	}
	if mayBeReceived && len(d.fetches) < maxFetched {
		d.fetches[key]++
	}
	return false
}

// received notes a message that was received, and tells whether it was fetched before.
func (d *duplicates) received(m *bus.Message) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	key := d.key(m)
	if remove(d.fetches, key) {
		return true
	}
	if d.newCount >= maxReceived {
		d.old, d.new, d.newCount = d.new, map[uint64]int{}, 0
		signal(d.halfForgotten)
	}
	d.new[key]++
	d.newCount++
	return false
}

// beginRound starts another round of fetching.
func (d *duplicates) beginRound() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.round++
}

// forgetFetched forgets what was fetched in this round, as soon as the client library has handed over all that the server
// sent until now: nothing of it can still be received. If another round begins before that, it forgets for both.
func (d *duplicates) forgetFetched(conn *nats.Conn) {
	_ = conn.FlushTimeout(core.Timeout) // if it fails there was an outage, and so there is another round
	d.mu.Lock()
	round := d.round
	d.mu.Unlock()
	_ = conn.Barrier(func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.round == round {
			clear(d.fetches)
		}
	})
}

func remove(set map[uint64]int, key uint64) bool {
	n := set[key]
	if n > 1 {
		set[key] = n - 1
	} else {
		delete(set, key)
	}
	return n > 0
}

// key identifies a message by its contents.
func (d *duplicates) key(m *bus.Message) uint64 {
	var h maphash.Hash
	h.SetSeed(d.seed)
	write := func(s string) { _, _ = h.WriteString(s); _ = h.WriteByte(0) }
	write(m.Subject)
	for _, header := range m.Headers {
		write(header.Name)
		write(header.Value)
	}
	_, _ = h.Write(m.Data)
	return h.Sum64()
}
