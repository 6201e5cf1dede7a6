package feeds

import (
	"context"
	"math/bits"
	"sync"

	"github.com/nats-io/nats.go"

	"signalbox/bus/natsbus/internal/core"
)

// listening is the subscriptions whose messages the client library holds until they are received. It has one bound for all
// of them, which each has the same part of.
//
// It needs to hold some: when the processor is busy, seconds may pass in which its goroutine for reading runs, and the one
// that calls receive hardly does.
type listening struct {
	mu   sync.Mutex
	subs map[*core.Subscription]struct{}
	part int // of each, in bytes
}

// listen subscribes to a subject and has each message received, until ignore.
func (s *Set) listen(ctx context.Context, subject string, receive nats.MsgHandler) (*core.Subscription, error) {
	l := &s.library
	sub, err := s.Core.Listen(ctx, subject, s.pending(l.count()+1), receive)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.subs[sub] = struct{}{}
	s.divide()
	return sub, nil
}

// ignore gives the part of a subscription to the others.
func (s *Set) ignore(sub *core.Subscription) {
	l := &s.library
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.subs, sub)
	s.divide()
}

// divide gives each subscription its part, which changes when their number has doubled or halved; listening is locked.
func (s *Set) divide() {
	l := &s.library
	part := s.pending(len(l.subs))
	if part == l.part {
		return
	}
	l.part = part
	for sub := range l.subs {
		sub.Hold(part)
	}
}

func (l *listening) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.subs)
}

// pending is how many bytes the library may hold of each of so many subscriptions, or of some more.
func (s *Set) pending(subs int) int {
	all := s.Budget.Limit() / libraryShare
	if s.Buffer > 0 {
		all = int64(s.Buffer) / 2
	}
	return max(int(all)>>bits.Len(uint(max(subs, 1)-1)), leastPending)
}
