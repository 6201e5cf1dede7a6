package backlog

import (
	"context"
	"io"
	"iter"
	"sync"

	"signalbox/bus"
)

// Queue is the bounded buffer between the goroutines that read from the broker and the reader of a feed. What it holds
// counts against a bus.Budget, and what was taken out of it until its reader releases or settles the batch.
//
// All methods may be called from any goroutine, but Next from one at a time. Only Put, Add and Next wait. The bytes of messages
// are copied: what they point to may be used again as soon as the call returns.
type Queue struct {
	share  *bus.Share
	ready  chan struct{} // capacity 1: Next has something to look at
	closed chan struct{} // closed by Close

	mu      sync.Mutex // guards what follows
	batches *Backlog
	dropped uint64 // since the batch before
	ended   bool   // Close was called
}

// NewQueue makes an empty queue, which may hold so many bytes of a budget; 0 is as many as it has.
func NewQueue(budget *bus.Budget, most int64) *Queue {
	share := budget.Share(most)
	return &Queue{share: share, batches: New(share.Most()), ready: make(chan struct{}, 1), closed: make(chan struct{})}
}

// Put appends messages, for a feed that can make the broker wait: it returns when all are in the queue, however long its
// reader takes. It reports false when the queue was closed.
func (q *Queue) Put(messages ...bus.Message) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i := range messages {
		q.put(&messages[i])
	}
	wake(q.ready)
	return !q.ended
}

// Add is Put for one of several messages: Next need not return until Flush is called, unless the queue is full.
func (q *Queue) Add(m *bus.Message) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.put(m)
	return !q.ended
}

// Try is Add for a goroutine that fills several queues, and so must not wait for one: it tells whether there was room. Where
// there was none, Room tells when to try again.
func (q *Queue) Try(m *bus.Message) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.ended || !q.add(m, q.share.TakeOrWait) {
		wake(q.ready)
		return false
	}
	return true
}

// Room has a value when there may be room for what Try was refused.
func (q *Queue) Room() <-chan struct{} { return q.share.Room() }

// Flush makes Next return what was added.
func (q *Queue) Flush() { wake(q.ready) }

// put appends a message as soon as the budget has room for it; q is locked, but not while it waits.
func (q *Queue) put(m *bus.Message) {
	waited := false
	for !q.ended && !q.add(m, q.share.TakeOrWait) {
		waited = true
		wake(q.ready)
		q.mu.Unlock()
		select {
		case <-q.share.Room():
		case <-q.closed:
		}
		q.mu.Lock()
	}
	if waited {
		q.share.Retry()
	}
}

// Offer appends messages, for a feed whose broker does not wait. What there is no room for is dropped and counted in the
// next batch.
func (q *Queue) Offer(messages ...bus.Message) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i := range messages {
		q.offer(&messages[i])
	}
	wake(q.ready)
}

// OfferEach is Offer for messages that are made one after the other, and may all be made in the same place.
func (q *Queue) OfferEach(messages iter.Seq[*bus.Message]) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for m := range messages {
		q.offer(m)
	}
	wake(q.ready)
}

// offer appends a message or counts it as dropped; q is locked.
func (q *Queue) offer(m *bus.Message) {
	if !q.ended && !q.add(m, q.share.Take) {
		q.dropped++
	}
}

// add appends a message if there is room for it; q is locked.
func (q *Queue) add(m *bus.Message, take func(bytes int64) bool) bool {
	if q.batches.AddIfFits(m) {
		return true
	}
	if !take(q.batches.Needs(m)) {
		return false
	}
	q.batches.Add(m)
	return true
}

// Drop counts messages in the next batch that were dropped before they came to this queue.
func (q *Queue) Drop(n uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.dropped += n
	wake(q.ready)
}

// Gap reports a stretch that was missed, before the messages that follow.
func (q *Queue) Gap(g bus.Gap) { q.note(func() { q.batches.Gap(g) }) }

// CaughtUp says that all the station held is delivered with the messages so far.
func (q *Queue) CaughtUp() { q.note(func() { q.batches.CaughtUp() }) }

// Concluded says that all that was lost before is told.
func (q *Queue) Concluded() { q.note(q.batches.Concluded) }

// Ended says that nothing will ever follow the messages so far.
func (q *Queue) Ended() { q.note(func() { q.batches.Ended() }) }

// note adds what takes little memory and must not be dropped, whether or not there is room.
func (q *Queue) note(add func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.ended {
		return
	}
	before := q.batches.Held()
	add()
	q.share.Force(q.batches.Held() - before)
	wake(q.ready)
}

// Next waits for the oldest batch. It returns ctx.Err() when ctx ends, and io.EOF after Close.
func (q *Queue) Next(ctx context.Context) (*bus.Batch, error) {
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		batch, open := q.take()
		if !open {
			return nil, io.EOF
		}
		if batch != nil {
			return batch, nil
		}
		select {
		case <-q.ready:
		case <-q.closed:
		case <-ctx.Done():
		}
	}
}

// take removes the batch that has waited longest; nil when nothing waits and nothing was dropped.
func (q *Queue) take() (batch *bus.Batch, open bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.ended {
		return nil, false
	}
	if batch = q.batches.Take(); batch != nil {
		batch.Charge(q.share)
	}
	if q.dropped > 0 {
		if batch == nil { // other queues hold all of the budget
			batch = bus.NewBatch(0)
		}
		batch.Dropped, q.dropped = q.dropped, 0
	}
	return batch, true
}

// Held is how many bytes of memory wait for Next.
func (q *Queue) Held() int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.batches.Held()
}

// Closed is closed by Close.
func (q *Queue) Closed() <-chan struct{} { return q.closed }

// Close drops what is held and ends all calls that wait. It may be called twice.
func (q *Queue) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.ended {
		return
	}
	q.ended = true
	q.share.Close()
	q.batches = New(0)
	close(q.closed)
}

// wake wakes whoever waits for a channel of capacity 1, now or the next time.
func wake(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
