package natsbus

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
	"signalbox/bus/backlog"
	"signalbox/bus/natsbus/internal/core"
)

// subjectFeed reads a core subject. Its messages are taken off the wire; before that has begun, and where it cannot be, they
// come from the client library. What a full queue has no room for is dropped, and counted.
type subjectFeed struct {
	bus     *Bus
	subject string
	others  duplicates // what the feeds of streams deliver
	queue   *backlog.Queue
	sub     *core.Subscription
	close   sync.Once
	err     error     // of close
	dropped uint64    // by the library, as reported so far; only Next uses it
	told    time.Time // when it was last said that messages are dropped; only Next uses it
}

// slowPause is how long it is not said again that messages are dropped: they are counted, whoever wants to know how many.
const slowPause = time.Minute

// The client library may hold half of what the queue may. It needs to: when the processor is busy, seconds may pass in which
// its goroutine for reading runs, and the one that calls take hardly does.
func (b *Bus) openSubject(ctx context.Context, subject string) (feed, error) {
	size := b.buffer(DefaultBacklog)
	f := &subjectFeed{bus: b, subject: subject, others: duplicates{streamed: &b.streamed}, queue: newQueue(size)}
	f.queue.CaughtUp()
	sub, err := b.core.Listen(ctx, subject, size/2, f.take)
	if err != nil {
		f.queue.Close()
		return nil, err
	}
	f.sub = sub
	b.routes.Add(sub.Subscription, f)
	return f, nil
}

func (f *subjectFeed) take(m *nats.Msg) { f.Offer(core.Message(m)) }

// Offer delivers what came, and may remove messages from the slice.
func (f *subjectFeed) Offer(messages ...bus.Message) { f.queue.Offer(f.others.without(messages)...) }

// Next waits for the next batch, and adds what the library dropped since the one before.
func (f *subjectFeed) Next(ctx context.Context) (*bus.Batch, error) {
	batch, err := f.queue.Next(ctx)
	if err != nil {
		return nil, err
	}
	if batch.Dropped > 0 && time.Since(f.told) > slowPause {
		f.told = time.Now()
		f.bus.slow(f.subject)
	}
	if n := f.sub.Lost(); n > f.dropped {
		batch.Dropped, f.dropped = batch.Dropped+n-f.dropped, n
	}
	return batch, nil
}

func (f *subjectFeed) outage(since, until time.Time) {
	f.queue.Gap(bus.Gap{Since: since, Until: until, Unknown: true, Why: "reconnected"})
}

func (f *subjectFeed) refused(subject string) bool {
	if subject != f.subject {
		return false
	}
	now := time.Now()
	f.queue.Gap(bus.Gap{Since: now, Until: now, Unknown: true, Why: "permission"})
	f.bus.notice(bus.Fail, f.subject, "the server no longer lets %s be read", f.subject)
	return true
}

// Close unsubscribes.
func (f *subjectFeed) Close() error {
	f.close.Do(func() {
		f.bus.dismiss(f)
		f.bus.routes.Remove(f.sub.Subscription)
		f.queue.Close()
		if err := f.sub.Stop(); err != nil {
			f.err = fmt.Errorf("unsubscribe from %s: %w", f.subject, err)
		}
	})
	return f.err
}

// Waiting implements bus.Waiter.
func (f *subjectFeed) Waiting() int64 { return f.queue.Held() + f.sub.Held() }
