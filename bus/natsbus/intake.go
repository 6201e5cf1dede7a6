package natsbus

import (
	"context"
	"io"
	"slices"
	"sync"

	"signalbox/bus"
)

// A batch holds at most so much, and a message counts for so much more than its payload.
const (
	batchMessages = 1024
	batchBytes    = 1 << 20
	messageBytes  = 160
)

// intake is the bounded buffer between whoever drains the broker and the reader of a feed. Batches circulate: the
// reader's Release brings them back.
type intake struct {
	limit int // bytes

	mu     sync.Mutex
	queue  []*bus.Batch // oldest first; the last is being filled
	held   int          // bytes in all of queue
	sizes  []int        // bytes of each in queue
	spare  []*bus.Batch
	closed bool

	ready chan struct{} // capacity 1: there is something to read, or it is closed
	room  chan struct{} // capacity 1: there may be room again
	done  chan struct{} // closed by close
}

func newIntake(limit int) *intake {
	return &intake{limit: limit, ready: make(chan struct{}, 1), room: make(chan struct{}, 1), done: make(chan struct{})}
}

// put appends a message; it waits while the buffer is full. It reports false when the feed is closed.
func (q *intake) put(m bus.Message) bool {
	size := len(m.Data) + messageBytes
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
	b := q.tail(size)
	b.Messages = append(b.Messages, m)
	q.sizes[len(q.sizes)-1] += size
	q.held += size
	return true
}

// mark changes the newest batch: to say that it is caught up, or to add a gap.
func (q *intake) mark(change func(*bus.Batch)) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.closed {
		change(q.tail(0))
	}
}

// gap reports a stretch that was missed, before the messages that follow.
func (q *intake) gap(g bus.Gap) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	b := q.tail(0)
	if len(b.Messages) > 0 {
		b = q.extend()
	}
	b.Gaps = append(b.Gaps, g)
}

// caughtUp says that all the station held is delivered with the messages so far.
func (q *intake) caughtUp() { q.mark(func(b *bus.Batch) { b.CaughtUp = true }) }

// tail is the batch to fill, with room for a message of a size.
func (q *intake) tail(size int) *bus.Batch {
	if n := len(q.queue); n > 0 {
		b := q.queue[n-1]
		if len(b.Messages) < batchMessages && (len(b.Messages) == 0 || q.sizes[n-1]+size <= batchBytes) {
			return b
		}
	}
	return q.extend()
}

func (q *intake) extend() *bus.Batch {
	var b *bus.Batch
	if n := len(q.spare); n > 0 {
		b, q.spare = q.spare[n-1], q.spare[:n-1]
	} else {
		b = bus.NewBatch(64, q.release)
	}
	q.queue, q.sizes = append(q.queue, b), append(q.sizes, 0)
	signal(q.ready)
	return b
}

// next waits for the oldest batch.
func (q *intake) next(ctx context.Context) (*bus.Batch, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if b, closed := q.take(); closed {
			return nil, io.EOF
		} else if b != nil {
			return b, nil
		}
		select {
		case <-q.ready:
		case <-ctx.Done():
		}
	}
}

func (q *intake) take() (b *bus.Batch, closed bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		signal(q.ready) // whoever asks next must not wait either
		return nil, true
	}
	if len(q.queue) == 0 {
		return nil, false
	}
	b = q.queue[0]
	q.held -= q.sizes[0]
	q.queue, q.sizes = slices.Delete(q.queue, 0, 1), slices.Delete(q.sizes, 0, 1)
	signal(q.room)
	return b, false
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
		q.queue, q.sizes, q.spare = nil, nil, nil
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
