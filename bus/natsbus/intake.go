package natsbus

import (
	"context"
	"io"
	"slices"
	"sync"

	"signalbox/bus"
)

// intake is the bounded buffer between whoever drains the broker and the reader of a feed. It copies messages into slabs,
// and makes batches of them only when they are asked for. Batches circulate: the reader's Release brings them back.
type intake struct {
	limit int // bytes

	mu      sync.Mutex
	queue   []*slab // oldest first; the last is being filled
	held    int     // bytes that queue takes
	before  int     // bytes in the slab taken last: the next will be about as full
	spare   []*bus.Batch
	closed  bool
	dropped uint64 // since the slab taken last
	once    *sieve // what offer leaves out; nil: nothing

	ready chan struct{} // capacity 1: there is something to read, or it is closed
	room  chan struct{} // capacity 1: there may be room again
	done  chan struct{} // closed by close
}

func newIntake(limit int) *intake {
	return &intake{limit: limit, ready: make(chan struct{}, 1), room: make(chan struct{}, 1), done: make(chan struct{})}
}

// put appends a message; it waits while the buffer is full. It reports false when the feed is closed.
func (q *intake) put(m bus.Message) bool {
	size := weight(&m)
	q.mu.Lock()
	for q.held > 0 && q.held+size > q.limit && !q.closed {
		q.mu.Unlock()
		select {
		case <-q.room:
		case <-q.done:
		}
		q.mu.Lock()
	}
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.add(&m, size)
	return true
}

// offer appends messages. What the buffer has no room for is let go and counted; offer does not wait.
func (q *intake) offer(messages ...bus.Message) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	for i := range messages {
		m := &messages[i]
		if q.once != nil && q.once.leavesOut(m.Subject) {
			continue
		}
		if size := weight(m); q.held == 0 || q.held+size <= q.limit {
			q.add(m, size)
		} else {
			q.dropped++
		}
	}
}

func (q *intake) add(m *bus.Message, weight int) {
	s := q.tail(weight)
	before := cap(s.data)
	s.add(m)
	q.held += cap(s.data) - before
}

// gap reports a stretch that was missed, before the messages that follow.
func (q *intake) gap(g bus.Gap) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	s := q.tail(0)
	if s.count > 0 {
		s = q.extend(0)
	}
	s.gaps = append(s.gaps, g)
}

// caughtUp says that all the station held is delivered with the messages so far.
func (q *intake) caughtUp() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.closed {
		q.tail(0).caughtUp = true
	}
}

// tail is the slab to fill, with room for a message of a weight.
func (q *intake) tail(weight int) *slab {
	if n := len(q.queue); n > 0 && !q.queue[n-1].full(weight, min(slabBytes, q.limit/4)) {
		return q.queue[n-1]
	}
	return q.extend(weight)
}

func (q *intake) extend(weight int) *slab {
	if n := len(q.queue); n > 0 {
		q.before = len(q.queue[n-1].data)
	}
	s := &slab{data: make([]byte, 0, max(weight, smallSlab, min(q.before+q.before/8, slabBytes)))}
	q.queue = append(q.queue, s)
	q.held += cap(s.data)
	signal(q.ready)
	return s
}

// next waits for the oldest batch.
func (q *intake) next(ctx context.Context) (*bus.Batch, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s, b, closed := q.take()
		switch {
		case closed:
			return nil, io.EOF
		case s != nil:
			s.unpack(b)
			return b, nil
		}
		select {
		case <-q.ready:
		case <-ctx.Done():
		}
	}
}

// take removes the oldest slab, and finds a batch for it.
func (q *intake) take() (s *slab, b *bus.Batch, closed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		signal(q.ready) // whoever asks next must not wait either
		return nil, nil, true
	}
	if len(q.queue) == 0 {
		return nil, nil, false
	}
	s = q.queue[0]
	q.held -= cap(s.data)
	q.before = len(s.data)
	q.queue = slices.Delete(q.queue, 0, 1)
	signal(q.room)
	if n := len(q.spare); n > 0 {
		b, q.spare = q.spare[n-1], q.spare[:n-1]
	} else {
		b = bus.NewBatch(s.count, q.release)
	}
	b.Dropped, q.dropped = q.dropped, 0
	return s, b, false
}

// release takes a batch back for another use; a few are kept.
func (q *intake) release(b *bus.Batch) {
	b.Reset()
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.spare) < 4 {
		q.spare = append(q.spare, b)
	}
}

func (q *intake) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.closed {
		q.closed = true
		q.queue, q.spare, q.held = nil, nil, 0
		close(q.done)
		signal(q.ready)
	}
}

// signal wakes whoever waits on a channel of capacity 1.
func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
