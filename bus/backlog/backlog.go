// Package backlog keeps the messages that wait for a feed's reader, in the batches that they will be handed over in: as
// bytes alone, so that a million of them cost little more than their payloads, and the garbage collector nothing.
//
// A feed has one Queue. Its goroutines fill it by Put or Offer, and its Next is the queue's. A bus.Budget bounds what all
// queues of a process hold. Where the broker can be made to wait Put waits for room; elsewhere Offer drops what there is
// no room for, and counts it.
package backlog

import "signalbox/bus"

// leastBatch is the bytes of the first batch: a trickle takes little, under load batches soon have the full size.
const leastBatch = 512

// Backlog is the content of a Queue: messages are added to the last batch, the reader takes the first. It knows no bounds
// and no locks.
type Backlog struct {
	most  int // bytes of a batch
	next  int // bytes of the next batch
	queue []*bus.Batch
	held  int64
}

// New makes a backlog for a feed that will hold about so many bytes: batches are small enough that several fit.
func New(limit int64) *Backlog {
	return &Backlog{most: int(min(bus.FullBatch, max(limit/4, leastBatch))), next: leastBatch}
}

// Held is how many bytes of memory the backlog takes.
func (b *Backlog) Held() int64 { return b.held }

// Needs is how many bytes more the backlog will take with a message.
func (b *Backlog) Needs(m *bus.Message) int64 {
	if n := len(b.queue); n > 0 && b.queue[n-1].Fits(m) {
		return 0
	}
	return int64(max(bus.Weight(m), b.next))
}

// AddIfFits is Add if the backlog takes no more memory then, which is nearly always so.
func (b *Backlog) AddIfFits(m *bus.Message) bool {
	n := len(b.queue)
	if n == 0 || !b.queue[n-1].Fits(m) {
		return false
	}
	b.queue[n-1].Add(m)
	return true
}

// Add appends a message; its bytes are copied.
func (b *Backlog) Add(m *bus.Message) {
	n := len(b.queue)
	if n == 0 || !b.queue[n-1].Fits(m) {
		b.extend(bus.Weight(m))
		n = len(b.queue)
	}
	b.queue[n-1].Add(m)
}

// Gap notes a stretch that was missed, before the messages that follow. Stretches of which nothing is known become one
// when nothing lies between them.
func (b *Backlog) Gap(g bus.Gap) {
	last := b.last()
	if last.Len() > 0 || last.CaughtUp || last.Concluded {
		last = b.begin(leastBatch) // gaps are not dropped, however little room there is: each takes little
	}
	if n := len(last.Gaps); n > 0 && unbounded(&g) && unbounded(&last.Gaps[n-1]) {
		before := &last.Gaps[n-1]
		before.Until, before.Why, before.Missed = g.Until, g.Why, before.Missed+g.Missed
		return
	}
	last.Gaps = append(last.Gaps, g)
}

// unbounded tells whether a gap has no positions between which something is missing.
func unbounded(g *bus.Gap) bool {
	return g.Unknown && g.From == bus.Position{} && g.To == bus.Position{}
}

// CaughtUp notes that all the station held is delivered with the messages so far.
func (b *Backlog) CaughtUp() { b.last().CaughtUp = true }

// Concluded notes that all that was lost before is told.
func (b *Backlog) Concluded() { b.last().Concluded = true }

// Ended notes that nothing will ever follow the messages so far. Then all the station held is delivered, too.
func (b *Backlog) Ended() {
	last := b.last()
	last.CaughtUp, last.Ended = true, true
}

// Take removes the oldest batch; nil when nothing waits.
func (b *Backlog) Take() *bus.Batch {
	if len(b.queue) == 0 {
		return nil
	}
	first := b.queue[0]
	b.queue[0] = nil
	b.queue = b.queue[1:]
	b.held -= int64(first.Memory())
	if first.End() < first.Memory()/2 {
		b.next = max(leastBatch, min(b.next, first.Memory()/2))
	}
	return first
}

// last is the batch to add to.
func (b *Backlog) last() *bus.Batch {
	if n := len(b.queue); n > 0 {
		return b.queue[n-1]
	}
	return b.extend(0)
}

func (b *Backlog) extend(weight int) *bus.Batch {
	fresh := b.begin(max(weight, b.next))
	b.next = min(2*b.next, b.most)
	return fresh
}

// begin begins another batch.
func (b *Backlog) begin(bytes int) *bus.Batch {
	fresh := bus.NewBatch(bytes)
	b.queue = append(b.queue, fresh)
	b.held += int64(fresh.Memory())
	return fresh
}
