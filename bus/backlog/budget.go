package backlog

import "sync/atomic"

// Budget is how many bytes of memory the queues of one or several feeds may hold together. All methods may be called from
// any goroutine; none waits.
type Budget struct {
	limit int64
	held  atomic.Int64
	room  chan struct{} // capacity 1: there may be room for somebody who waits in Put
}

// NewBudget makes a budget of so many bytes.
func NewBudget(limit int64) *Budget { return &Budget{limit: limit, room: make(chan struct{}, 1)} }

// Held is how many bytes all queues of the budget hold now.
func (b *Budget) Held() int64 { return b.held.Load() }

// take takes bytes of the budget if there are as many. While nothing else is held, anything fits: otherwise a message
// larger than the whole budget would never be delivered.
func (b *Budget) take(bytes int64) bool {
	if bytes == 0 {
		return true
	}
	if held := b.held.Add(bytes); held > b.limit && held > bytes {
		b.held.Add(-bytes)
		return false
	}
	return true
}

// force takes bytes whether or not there are as many.
func (b *Budget) force(bytes int64) { b.held.Add(bytes) }

// free gives bytes back.
func (b *Budget) free(bytes int64) {
	b.held.Add(-bytes)
	wake(b.room)
}
