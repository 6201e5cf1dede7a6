package natsbus

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
)

// queueFeed reads a work-queue or interest stream without a consumer on it. What the stream holds is fetched message by
// message, by sequence; what is new comes by core subscriptions to the stream's subjects and so has no sequence. While it
// fetches, the subscriptions wait at a gate, and the twins of what was fetched meanwhile are left out when it opens.
//
// What comes and is taken by a worker while the connection is down is never seen: that is reported as a Gap.
type queueFeed struct {
	bus     *Bus
	station bus.Station
	stream  string
	intake  *intake
	subs    []*nats.Subscription
	ended   []chan struct{}
	life    context.Context // ends with Close
	end     context.CancelFunc
	kick    chan bus.Gap // capacity 1: the connection was lost, and is back
	done    chan struct{}
	close   sync.Once
	dropped uint64 // as reported so far; only Next uses it

	gate  gate
	twins twins

	// Only the feed's goroutine uses these.
	next   uint64    // sequence to go on fetching with
	before uint64    // newest sequence before there were subscriptions: up to here nothing comes twice
	since  time.Time // from when on messages are wanted
	polls  bool      // there are subjects that may not be subscribed to, or none
}

// queuePoll is how often a stream whose messages cannot all be subscribed to is looked at.
const queuePoll = time.Second

// How long nothing must have been stored before all that was published earlier is taken to be.
const (
	latePause  = 50 * time.Millisecond
	lateRounds = 6
)

func (b *Bus) openQueue(ctx context.Context, station bus.Station, info *jetstream.StreamInfo, from bus.From) (feed, error) {
	size := b.buffer(DefaultBacklog)
	f := &queueFeed{
		bus: b, station: station, stream: info.Config.Name, intake: newIntake(size / intakeShare),
		kick: make(chan bus.Gap, 1), done: make(chan struct{}),
		gate: newGate(), twins: newTwins(),
		before: info.State.LastSeq, polls: len(info.Config.Subjects) == 0,
	}
	for _, subject := range info.Config.Subjects {
		if takesInboxes(subject) && !b.options.AllowAll {
			f.polls = true
			continue
		}
		ended := make(chan struct{})
		sub, err := b.subscribe(ctx, subject, func() (*nats.Subscription, error) { return b.listen(subject, size, ended, f.take) })
		if err != nil {
			_ = f.unsubscribe()
			return nil, err
		}
		f.subs, f.ended = append(f.subs, sub), append(f.ended, ended)
	}
	f.life, f.end = context.WithCancel(b.life)
	f.next = max(1, f.first(info, from))
	go f.run()
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
		return from.Position.Major
	default:
		return state.LastSeq + 1
	}
}

// run fetches what is there, opens the gate, and does so again after each outage.
func (f *queueFeed) run() {
	defer close(f.done)
	for again := true; again; {
		f.fetchStored(false)
		f.intake.caughtUp()
		f.gate.open()
		f.fetchLate()
		f.twins.settle(f.bus.conn)
		again = f.wait()
	}
}

// fetchLate delivers what was published before the subscriptions but is stored only now: under load a stream stores
// some time after the server has passed a message on. It is done at the first message that came both ways, or when
// nothing was stored for a while.
func (f *queueFeed) fetchLate() {
	for quiet := 0; quiet < lateRounds; quiet++ {
		select {
		case <-f.life.Done():
			return
		case <-time.After(latePause):
		}
		next := f.next
		if f.fetchStored(true) {
			return
		}
		if f.next != next {
			quiet = 0
		}
	}
}

// wait returns true when there may be something to fetch, and false when the feed is closed.
func (f *queueFeed) wait() bool {
	var poll <-chan time.Time
	if f.polls {
		poll = time.After(queuePoll)
	}
	for {
		select {
		case <-f.life.Done():
			return false
		case <-poll:
			return true
		case gap := <-f.kick:
			f.intake.gap(gap)
			f.before = 0
			return true
		case <-f.twins.turned: // what came until now need not be fetched after an outage
			if info, err := f.bus.stream(f.life, f.stream); err == nil && !f.polls && f.bus.conn.IsConnected() {
				f.next = info.State.LastSeq + 1
			}
		}
	}
}

// fetchStored delivers what is stored now, from the next sequence on. If wanted it stops at a message that came by
// subscription, too, and reports that.
func (f *queueFeed) fetchStored(stopAtTwin bool) (twin bool) {
	info, err := f.bus.stream(f.life, f.stream)
	for err == nil && f.next <= info.State.LastSeq {
		var m bus.Message
		if m, err = f.bus.fetch(f.life, info, fetch{Sequence: f.next, Next: ">"}); err != nil {
			break
		}
		f.next = m.Position.Major + 1
		twin := f.twins.fetched(&m, m.Position.Major > f.before)
		switch {
		case twin && stopAtTwin:
			return true
		case twin, m.UnixNano < f.since.UnixNano() && !f.since.IsZero():
			continue
		}
		if !f.intake.put(m) {
			return false
		}
	}
	switch {
	case errors.Is(err, bus.ErrMissing): // workers took the rest
		f.next = max(f.next, info.State.LastSeq+1)
	case err != nil && f.life.Err() == nil && f.bus.conn.IsConnected():
		f.bus.notice(bus.Warn, f.station.Name, "what %s holds cannot be fetched, only what comes is shown: %v", f.station.Name, err)
	}
	return false
}

// take delivers what a subscription brings, unless it was fetched.
func (f *queueFeed) take(m *nats.Msg) {
	if !f.gate.wait(f.intake.done) {
		return
	}
	message := coreMessage(m)
	if !f.twins.came(&message) {
		f.intake.put(message)
	}
}

// Next waits for the next batch, and adds what was dropped since the one before.
func (f *queueFeed) Next(ctx context.Context) (*bus.Batch, error) {
	batch, err := f.intake.next(ctx)
	if err != nil {
		return nil, err
	}
	var sum uint64
	for _, sub := range f.subs {
		if n, err := sub.Dropped(); err == nil {
			sum += uint64(n)
		}
	}
	if sum > f.dropped {
		batch.Dropped, f.dropped = sum-f.dropped, sum
	}
	return batch, nil
}

func (f *queueFeed) outage(since, until time.Time) {
	f.gate.shut()
	select {
	case f.kick <- bus.Gap{Since: since, Until: until, Unknown: true, Why: "reconnected"}:
	default: // one is waiting already; the gate opens after it
	}
}

func (f *queueFeed) refused(subject string) bool {
	for _, sub := range f.subs {
		if sub.Subject == subject {
			now := time.Now()
			f.intake.gap(bus.Gap{Since: now, Until: now, Unknown: true, Why: "permission"})
			f.bus.notice(bus.Fail, f.station.Name, "the server no longer lets %s be read", subject)
			return true
		}
	}
	return false
}

// Close unsubscribes and waits for all that works for the feed.
func (f *queueFeed) Close() error {
	var err error
	f.close.Do(func() {
		f.bus.dismiss(f)
		f.end()
		f.intake.close()
		err = f.unsubscribe()
		<-f.done
	})
	return err
}

func (f *queueFeed) unsubscribe() error {
	f.intake.close()
	var errs []error
	for i, sub := range f.subs {
		if err := sub.Unsubscribe(); err != nil {
			if !f.bus.conn.IsClosed() {
				errs = append(errs, fmt.Errorf("unsubscribe from %s: %w", sub.Subject, err))
			}
			continue
		}
		<-f.ended[i]
	}
	return errors.Join(errs...)
}
