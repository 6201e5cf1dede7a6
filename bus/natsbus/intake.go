package natsbus

import (
	"context"
	"io"
	"sync"

	"signalbox/bus"
	"signalbox/bus/backlog"
)

// intake is the bounded buffer between whoever drains the broker and the reader of a feed.
type intake struct {
	limit int64 // bytes

	mu      sync.Mutex
	queue   *backlog.Backlog
	closed  bool
	dropped uint64 // since the batch before
	once    *sieve // what offer leaves out; nil: nothing

	ready chan struct{} // capacity 1: there is something to read, or it is closed
	room  chan struct{} // capacity 1: there may be room again
	done  chan struct{} // closed by close
}

func newIntake(limit int) *intake {
	return &intake{
		limit: int64(limit), queue: backlog.New(int64(limit)),
		ready: make(chan struct{}, 1), room: make(chan struct{}, 1), done: make(chan struct{}),
	}
}

// put appends a message; it waits while the buffer is full. It reports false when the feed is closed.
func (q *intake) put(m bus.Message) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for !q.closed && !q.fits(&m) {
		q.mu.Unlock()
		select {
		case <-q.room:
		case <-q.done:
		}
		q.mu.Lock()
	}
	if q.closed {
		return false
	}
	q.queue.Add(&m)
	signal(q.ready)
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
		switch {
		case q.once != nil && q.once.leavesOut(m.Subject):
		case q.fits(m):
			q.queue.Add(m)
		default:
			q.dropped++
		}
	}
	signal(q.ready)
}

// fits tells whether there is room for a message; an empty buffer takes any.
func (q *intake) fits(m *bus.Message) bool {
	held := q.queue.Held()
	return held == 0 || held+q.queue.Needs(m) <= q.limit
}

// gap reports a stretch that was missed, before the messages that follow.
func (q *intake) gap(g bus.Gap) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.closed {
		q.queue.Gap(g)
		signal(q.ready)
	}
}

// caughtUp says that all the station held is delivered with the messages so far.
func (q *intake) caughtUp() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.closed {
		q.queue.CaughtUp()
		signal(q.ready)
	}
}

// next waits for the oldest batch.
func (q *intake) next(ctx context.Context) (*bus.Batch, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		slab, dropped, open := q.take()
		if !open {
			return nil, io.EOF
		}
		if slab != nil {
			batch := slab.Batch()
			batch.Dropped = dropped
			return batch, nil
		}
		select {
		case <-q.ready:
		case <-ctx.Done():
		}
	}
}

// take removes what has waited longest, if anything waits, and the count of what was let go.
func (q *intake) take() (slab *backlog.Slab, dropped uint64, open bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		signal(q.ready) // whoever asks next must not wait either
		return nil, 0, false
	}
	if slab = q.queue.Take(); slab == nil {
		return nil, 0, true
	}
	signal(q.room)
	dropped, q.dropped = q.dropped, 0
	return slab, dropped, true
}

// waiting is how many bytes of memory wait for the reader.
func (q *intake) waiting() int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.queue.Held()
}

func (q *intake) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.closed {
		q.closed, q.queue = true, backlog.New(0)
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
