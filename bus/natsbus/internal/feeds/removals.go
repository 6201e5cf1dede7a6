package feeds

import (
	"context"
	"sync"
	"time"

	"signalbox/bus/goroutine"
)

// How long is waited until a consumer is removed: as long as others are, at the end of a session with thousands.
const (
	stopSilence = 2 * time.Second         // without any answer to a removal
	stopTimeout = 3500 * time.Millisecond // in any case; a program that is to end is given little more
)

// removals are the removals of consumers that are waited for. The zero value has none.
type removals struct {
	mu     sync.Mutex
	n      int
	round  context.Context // of those that wait now; ends when the server is silent
	end    context.CancelFunc
	silent *time.Timer
}

// begin is a context for one more; done must be called when it is over.
func (r *removals) begin() (ctx context.Context, done func(answered bool)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.n == 0 || r.round.Err() != nil {
		r.round, r.end = context.WithCancel(context.Background())
		r.silent = goroutine.After(stopSilence, "what waits for the removal of consumers", r.end)
	}
	r.n++
	ctx, cancel := context.WithTimeout(r.round, stopTimeout)
	return ctx, func(answered bool) {
		cancel()
		r.done(answered)
	}
}

func (r *removals) done(answered bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if answered {
		r.silent.Reset(stopSilence)
	}
	if r.n--; r.n == 0 {
		r.silent.Stop()
		r.end()
	}
}
