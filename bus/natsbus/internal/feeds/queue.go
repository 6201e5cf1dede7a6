package feeds

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/backlog"
	"signalbox/bus/goroutine"
	"signalbox/bus/natsbus/internal/core"
	"signalbox/bus/natsbus/internal/subjects"
)

// queueFeed reads a work-queue or interest stream without a consumer on it. What the stream holds is fetched message by
// message, by sequence; what is new comes by core subscriptions to the stream's subjects and so has no sequence. While it
// fetches, the subscriptions wait at a gate. When that opens, what came by both ways is left out once.
//
// What comes and is taken by a worker while the connection is down is never seen: that is reported as a Gap. So is what is taken
// between two looks at a stream that has no subjects, but copies others.
type queueFeed struct {
	set      *Set
	station  bus.Station
	stream   string
	takes    []string // subjects
	queue    *backlog.Queue
	subs     []*core.Subscription
	life     context.Context // ends with Close
	end      context.CancelFunc
	restored chan bus.Gap  // capacity 1: the connection was lost, and is back
	asked    chan struct{} // capacity 1: see Conclude
	done     chan struct{}
	close    sync.Once
	dropped  uint64 // as reported so far; only Next uses it

	gate gate
	both duplicates // what is both fetched and received

	// Only the feed's goroutine uses these.
	created time.Time // of the stream: tells one that was made again
	looked  time.Time // when the stream was asked about
	earlier time.Time // and before that
	next    uint64    // sequence to go on fetching with
	before  uint64    // newest sequence before there were subscriptions: up to here nothing comes twice
	since   time.Time // from when on messages are wanted
	polls   bool      // there are subjects that may not be subscribed to, or none
	alone   bool      // what is new comes by fetching alone, and the stream gives all sequences itself: what is passed over is lost
	found   uint64    // newest sequence when reading began: up to here it is no loss
}

func (s *Set) openQueue(ctx context.Context, station bus.Station, info *jetstream.StreamInfo, from bus.From) (feed, error) {
	f := &queueFeed{
		set: s, station: station, stream: info.Config.Name, takes: info.Config.Subjects, queue: s.newQueue(s.Buffer),
		restored: make(chan bus.Gap, 1), asked: make(chan struct{}, 1), done: make(chan struct{}),
		gate: newGate(), both: newDuplicates(),
		created: info.Created, looked: time.Now(), before: info.State.LastSeq, polls: len(info.Config.Subjects) == 0,
		found: info.State.LastSeq,
	}
	for _, subject := range info.Config.Subjects {
		if subjects.TakesInboxes(subject) && !s.AllowAll {
			f.polls = true
			continue
		}
		sub, err := s.listen(ctx, subject, f.receive)
		if err != nil {
			_ = f.unsubscribe()
			return nil, err
		}
		f.subs = append(f.subs, sub)
	}
	f.alone = f.polls && len(f.subs) == 0 && info.Mirror == nil && info.Config.Mirror == nil
	f.life, f.end = context.WithCancel(s.life)
	f.next = max(1, f.first(info, from))
	goroutine.Go("the reader of a queue", f.run)
	return f, nil
}

// first is the sequence to begin fetching at. What was stored between asking and subscribing is fetched in any case.
func (f *queueFeed) first(info *jetstream.StreamInfo, from bus.From) uint64 {
	state := info.State
	switch from.Start {
	case bus.FromAll:
		return state.FirstSeq
	case bus.FromLast:
		return max(state.FirstSeq, state.LastSeq-min(from.Last, state.LastSeq)+1)
	case bus.FromSince:
		f.since = time.Now().Add(-from.Since)
		return state.FirstSeq
	case bus.FromAt:
		return min(from.Position.Major, state.LastSeq+1)
	default:
		return state.LastSeq + 1
	}
}

// receive delivers what a subscription brings, unless it was fetched.
func (f *queueFeed) receive(m *nats.Msg) {
	if !f.gate.wait(f.queue.Closed()) {
		return
	}
	message := core.Message(m)
	f.set.Routes.Whole(m.Sub, &message)
	if !f.both.received(&message) {
		f.queue.Put(message)
	}
}

// Next waits for the next batch, and adds what was dropped since the one before.
func (f *queueFeed) Next(ctx context.Context) (*bus.Batch, error) {
	batch, err := f.queue.Next(ctx)
	if err != nil {
		return nil, err
	}
	var sum uint64
	for _, sub := range f.subs {
		sum += sub.Lost()
	}
	if sum > f.dropped {
		batch.Dropped, f.dropped = sum-f.dropped, sum
	}
	return batch, nil
}

func (f *queueFeed) outage(since, until time.Time) {
	f.gate.shut()
	select {
	case f.restored <- bus.Gap{Since: since, Until: until, Unknown: true, Why: "reconnected"}:
	default: // one is waiting already; the gate opens after it
	}
}

func (f *queueFeed) refused(subject string) bool {
	for _, sub := range f.subs {
		if sub.Subject == subject {
			now := time.Now()
			f.queue.Gap(bus.Gap{Since: now, Until: now, Unknown: true, Why: "permission"})
			f.set.Notices.Add(bus.Fail, f.station.Name, "the server no longer lets %s be read", subject)
			return true
		}
	}
	return false
}

// Close unsubscribes and waits for all that works for the feed.
func (f *queueFeed) Close() error {
	var err error
	f.close.Do(func() {
		f.set.remove(f)
		f.end()
		f.queue.Close()
		err = f.unsubscribe()
		<-f.done
	})
	return err
}

func (f *queueFeed) unsubscribe() error {
	f.queue.Close()
	var errs []error
	for _, sub := range f.subs {
		f.set.ignore(sub)
		if err := sub.Stop(); err != nil {
			errs = append(errs, fmt.Errorf("unsubscribe from %s: %w", sub.Subject, err))
		}
	}
	return errors.Join(errs...)
}

// Waiting implements bus.Waiter.
func (f *queueFeed) Waiting() int64 {
	sum := f.queue.Held()
	for _, sub := range f.subs {
		sum += sub.Held()
	}
	return sum
}

// Unread is how many messages have come and wait for Next; any goroutine may ask.
func (f *queueFeed) Unread() uint64 {
	sum := f.queue.Unread()
	for _, sub := range f.subs {
		sum += sub.Unread()
	}
	return sum
}
