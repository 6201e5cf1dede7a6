// Package backlog keeps the messages that wait for a feed's reader: as bytes alone, so that a million of them cost little
// more than their payloads, and the garbage collector nothing.
//
// A feed has one Queue. Its goroutines fill it by Put or Offer, and its Next is the queue's. A Budget bounds what one queue,
// or all queues of a bus, hold. Where the broker can be made to wait Put waits for room; elsewhere Offer drops what there is
// no room for, and counts it.
package backlog

import "signalbox/bus"

// Bounds of a slab, and so of a batch. A message larger than that has a slab of its own.
const (
	slabMessages = 2048
	mostSlab     = 256 << 10
	leastSlab    = 512
)

// Backlog is the content of a Queue: messages are added to the last slab, the reader takes the first. It knows no bounds
// and no locks.
type Backlog struct {
	most  int // bytes of a slab
	next  int // bytes of the next slab: a trickle takes little, a flood soon has slabs of the full size
	queue []*Slab
	held  int64
}

// New makes a backlog for a feed that will hold about so many bytes: slabs are small enough that several fit.
func New(limit int64) *Backlog {
	return &Backlog{most: int(min(mostSlab, max(limit/4, leastSlab))), next: leastSlab}
}

// Held is how many bytes of memory the backlog takes.
func (b *Backlog) Held() int64 { return b.held }

// Needs is how many bytes more the backlog will take with a message.
func (b *Backlog) Needs(m *bus.Message) int64 {
	weight := weigh(m)
	if n := len(b.queue); n > 0 && b.queue[n-1].room(weight) {
		return 0
	}
	return int64(max(weight, b.next))
}

// Add appends a message; its bytes are copied.
func (b *Backlog) Add(m *bus.Message) { b.tail(weigh(m)).add(m) }

// Gap notes a stretch that was missed, before the messages that follow. Stretches of which nothing is known become one
// when nothing lies between them.
func (b *Backlog) Gap(g bus.Gap) {
	s := b.tail(0)
	if s.count > 0 || s.caughtUp {
		s = b.extend(0)
	}
	if n := len(s.gaps); n > 0 && g.Unknown && s.gaps[n-1].Unknown {
		s.gaps[n-1].Until, s.gaps[n-1].Why = g.Until, g.Why
		return
	}
	s.gaps = append(s.gaps, g)
}

// CaughtUp notes that all the station held is delivered with the messages so far.
func (b *Backlog) CaughtUp() { b.tail(0).caughtUp = true }

// Take removes the oldest slab; nil when nothing waits.
func (b *Backlog) Take() *Slab {
	if len(b.queue) == 0 {
		return nil
	}
	s := b.queue[0]
	b.queue[0] = nil
	b.queue = b.queue[1:]
	b.held -= s.Held()
	if used := cap(s.data) - s.back + len(s.data); used < cap(s.data)/2 {
		b.next = max(leastSlab, min(b.next, cap(s.data)/2))
	}
	return s
}

// tail is the slab to fill, with room for a message of a weight.
func (b *Backlog) tail(weight int) *Slab {
	if n := len(b.queue); n > 0 && b.queue[n-1].room(weight) {
		return b.queue[n-1]
	}
	return b.extend(weight)
}

func (b *Backlog) extend(weight int) *Slab {
	s := newSlab(max(weight, b.next))
	b.next = min(2*b.next, b.most)
	b.queue = append(b.queue, s)
	b.held += s.Held()
	return s
}
