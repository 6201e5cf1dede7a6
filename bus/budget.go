package bus

import (
	"slices"
	"sync"
)

// Budget is how many bytes of memory all feeds of a process may hold together for their readers. Each feed draws on it by a
// Share of its own. All methods may be called from any goroutine; none waits.
type Budget struct {
	mu      sync.Mutex
	limit   int64
	held    int64
	waiting []*Share // to be told when there may be room, the first that came first
}

// DefaultBudget is what feeds may hold together unless they are told otherwise: a burst of a million messages of 200 bytes
// fits, of which nobody has taken any.
const DefaultBudget = 224 << 20

// greed is how many times as much as is left a share may hold. So the feed that floods alone has nearly all, several that
// flood have the same each, and one that is quiet finds room whatever the others do.
const greed = 32

// least is what a share that holds nothing may take in any case: however many feeds there are, each gets on.
const least = 4 << 10

// wokenAtOnce is how many who wait are told when something is given back: each gives something back in its turn.
const wokenAtOnce = 2

// NewBudget makes a budget of so many bytes.
func NewBudget(limit int64) *Budget { return &Budget{limit: limit} }

// Held is how many bytes are held now.
func (b *Budget) Held() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.held
}

// Limit is how many bytes may be held now.
func (b *Budget) Limit() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.limit
}

// SetLimit has it be another budget from now on. What is held beyond it stays until it is given back.
func (b *Budget) SetLimit(limit int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	more := limit > b.limit
	if b.limit = limit; more {
		b.wake()
	}
}

// Share makes a share of one feed, which may hold so many bytes at most; 0 is as many as the budget has.
func (b *Budget) Share(most int64) *Share {
	return &Share{budget: b, most: most, room: make(chan struct{}, 1)}
}

// wake tells those who have waited longest that there may be room, and all when nothing is held that could be given back
// later; b is locked.
func (b *Budget) wake() {
	for n := 0; len(b.waiting) > 0 && (n < wokenAtOnce || b.held == 0); n++ {
		s := b.waiting[0]
		b.waiting = b.waiting[1:]
		s.waits = false
		s.Retry()
	}
}

// Share is the part of a budget that one feed holds.
type Share struct {
	budget *Budget
	most   int64
	room   chan struct{}

	held   int64 // guarded by the budget
	waits  bool  // likewise
	closed bool  // likewise
}

// Held is how many bytes the share holds now.
func (s *Share) Held() int64 {
	s.budget.mu.Lock()
	defer s.budget.mu.Unlock()
	return s.held
}

// Most is how many bytes it may ever hold.
func (s *Share) Most() int64 {
	if limit := s.budget.Limit(); s.most == 0 || limit < s.most {
		return limit
	}
	return s.most
}

// Take takes bytes if there is room for them. While nothing is held, anything fits: otherwise a message larger than the whole
// budget would never be delivered.
func (s *Share) Take(bytes int64) bool {
	b := s.budget
	b.mu.Lock()
	defer b.mu.Unlock()
	return s.take(bytes)
}

// TakeOrWait is Take for a feed that can wait: where there is no room, Room tells when to try again.
func (s *Share) TakeOrWait(bytes int64) bool {
	b := s.budget
	b.mu.Lock()
	defer b.mu.Unlock()
	if s.take(bytes) {
		return true
	}
	if !s.waits && !s.closed {
		s.waits = true
		b.waiting = append(b.waiting, s)
	}
	return false
}

// take is Take; the budget is locked.
func (s *Share) take(bytes int64) bool {
	b := s.budget
	if bytes > 0 && b.held > 0 && (s.held > 0 || bytes > least) {
		left := b.limit - b.held - bytes
		if left < 0 || s.held+bytes > greed*left && s.held > 0 || s.most > 0 && s.held > 0 && s.held+bytes > s.most {
			return false
		}
	}
	s.add(bytes)
	return true
}

// Force takes bytes whether or not there is room.
func (s *Share) Force(bytes int64) {
	s.budget.mu.Lock()
	defer s.budget.mu.Unlock()
	s.add(bytes)
}

func (s *Share) add(bytes int64) {
	if !s.closed {
		s.held += bytes
		s.budget.held += bytes
	}
}

// Free gives bytes back.
func (s *Share) Free(bytes int64) {
	b := s.budget
	b.mu.Lock()
	defer b.mu.Unlock()
	if s.closed || bytes == 0 {
		return
	}
	s.held -= bytes
	b.held -= bytes
	b.wake()
}

// Room has a value when TakeOrWait may succeed that did not.
func (s *Share) Room() <-chan struct{} { return s.room }

// Retry has whoever waits for Room try again. Who has waited calls it: another goroutine of the feed may wait as well.
func (s *Share) Retry() {
	select {
	case s.room <- struct{}{}:
	default:
	}
}

// Close gives back all that is held, whoever has it: the feed is over.
func (s *Share) Close() {
	b := s.budget
	b.mu.Lock()
	defer b.mu.Unlock()
	if s.closed {
		return
	}
	b.held -= s.held
	s.held, s.closed = 0, true
	if s.waits {
		b.waiting = slices.DeleteFunc(b.waiting, func(other *Share) bool { return other == s })
	}
	b.wake() // it may have been told of room that it has no need for any more
}
