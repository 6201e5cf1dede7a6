package window

import "signalbox/bus"

// Source is a batch that events come from.
type Source struct {
	batch   *bus.Batch
	keep    bool   // its messages stay where they are
	reading bool   // more may be added of it
	counted bool   // its memory is counted
	chunk   *chunk // the newest with an event of it; nil when there is none
	place   uint16 // in the batches of that chunk
}

// leastKept is the smallest batch that is worth keeping.
const leastKept = 16 << 10

// Begin hands over a batch, whose messages will be added. The window releases it some time after End.
func (w *Window) Begin(b *bus.Batch) *Source {
	size := b.Memory()
	keep := !w.Nothing && size >= leastKept && size <= batchPages*w.Page && b.End() >= size-size/4
	return &Source{batch: b, keep: keep, reading: true}
}

// End says that no more messages of a batch will be added.
func (w *Window) End(s *Source) {
	if s.reading = false; s.chunk == nil {
		w.release(s)
	}
	w.letPass()
}

// letPass tells of the events that were not held.
func (w *Window) letPass() {
	if len(w.passed) > 0 {
		w.Evicted(w.passed)
		clear(w.passed)
		w.Grown()
	}
}

// copied copies a message into a batch of the window's own.
func (w *Window) copied(m *bus.Message) (*Source, int) {
	if w.own == nil || !w.own.batch.Fits(m) {
		if w.own != nil {
			w.End(w.own)
		}
		w.own = &Source{batch: bus.NewBatch(max(batchPages*w.Page, bus.Weight(m))), keep: true, reading: true}
	}
	at := w.own.batch.End()
	w.own.batch.Add(m)
	return w.own, at
}

// keep counts the memory of a batch that is needed from now on.
func (w *Window) keep(s *Source) {
	if !s.counted {
		s.counted = true
		s.batch.Settle()
		w.makeRoom(s.batch.Memory())
		w.held += int64(s.batch.Memory())
		w.Grown()
	}
}

// release gives a batch back.
func (w *Window) release(s *Source) {
	if s.counted {
		s.counted = false
		w.held -= int64(s.batch.Memory())
	}
	s.batch.Release()
	s.batch = nil
}

// refer is the place of a batch among those of a chunk.
func (c *chunk) refer(s *Source) uint16 {
	if s.chunk != c {
		if s.chunk == nil {
			c.brought += s.batch.Memory()
		}
		s.chunk, s.place = c, uint16(len(c.sources))
		c.sources = append(c.sources, s)
	}
	return s.place
}

// leave releases the batches that no other chunk needs.
func (w *Window) leave(c *chunk) {
	for _, s := range c.sources {
		if s.chunk != c {
			continue
		}
		if s.chunk = nil; !s.reading {
			w.release(s)
		}
	}
	clear(c.sources)
	c.sources = c.sources[:0]
}
