package natsbus

import (
	"hash/maphash"
	"sync"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/core"
)

// gate holds subscriptions back while a queue is fetched.
type gate struct {
	mu   sync.Mutex
	pass chan struct{} // closed when open
}

func newGate() gate { return gate{pass: make(chan struct{})} }

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-g.pass:
	default:
		close(g.pass)
	}
}

func (g *gate) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-g.pass:
		g.pass = make(chan struct{})
	default:
	}
}

// wait reports false when the feed was closed instead.
func (g *gate) wait(done <-chan struct{}) bool {
	g.mu.Lock()
	pass := g.pass
	g.mu.Unlock()
	select {
	case <-pass:
		return true
	case <-done:
		return false
	}
}

// twins knows messages of a queue by their contents, so that what is both fetched and received is shown once. Both sets
// are bounded: of what was received the newest maxTwins to 2*maxTwins are remembered.
type twins struct {
	seed   maphash.Seed
	turned chan struct{} // capacity 1: half of what came is about to be forgotten

	mu       sync.Mutex
	fetches  map[uint64]int // fetched while the gate was shut; may still come
	new, old map[uint64]int // came, the older half apart; may be fetched after an outage
	newCount int
	round    int
}

const maxTwins = 1 << 15

func newTwins() twins {
	return twins{seed: maphash.MakeSeed(), turned: make(chan struct{}, 1), fetches: map[uint64]int{}, new: map[uint64]int{}}
}

// fetched tells whether a message that was fetched came before. One that may still come is noted.
func (t *twins) fetched(m *bus.Message, mayCome bool) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	key := t.key(m)
	if remove(t.new, key) || remove(t.old, key) {
		return true
	}
	if mayCome && len(t.fetches) < maxTwins {
		t.fetches[key]++
	}
	return false
}

// came notes a message that was received, and tells whether it was fetched before.
func (t *twins) came(m *bus.Message) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	key := t.key(m)
	if remove(t.fetches, key) {
		return true
	}
	if t.newCount >= maxTwins {
		t.old, t.new, t.newCount = t.new, map[uint64]int{}, 0
		signal(t.turned)
	}
	t.new[key]++
	t.newCount++
	return false
}

// begin starts another round of fetching.
func (t *twins) begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.round++
}

// settle forgets what was fetched in this round once all has passed that the connection had received by now. While the
// gate is shut nothing passes: if another round begins before, that one settles for both.
func (t *twins) settle(conn *nats.Conn) {
	_ = conn.FlushTimeout(core.Timeout) // if it fails there was an outage, and so there is another round
	t.mu.Lock()
	round := t.round
	t.mu.Unlock()
	_ = conn.Barrier(func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.round == round {
			clear(t.fetches)
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
func (t *twins) key(m *bus.Message) uint64 {
	var h maphash.Hash
	h.SetSeed(t.seed)
	write := func(s string) { _, _ = h.WriteString(s); _ = h.WriteByte(0) }
	write(m.Subject)
	for _, header := range m.Headers {
		write(header.Name)
		write(header.Value)
	}
	_, _ = h.Write(m.Data)
	return h.Sum64()
}

// signal wakes whoever waits on a channel of capacity 1.
func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
