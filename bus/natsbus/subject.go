package natsbus

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
	"signalbox/bus/backlog"
)

// subjectFeed reads a core subject. Its messages are taken off the wire; before that has begun, and where it cannot be, they
// come from the client library. What a full queue has no room for is dropped, and counted.
type subjectFeed struct {
	bus     *Bus
	subject string
	others  duplicates // what the feeds of streams deliver
	queue   *backlog.Queue
	sub     *nats.Subscription
	ended   chan struct{} // closed when the library has called back for the last time
	close   sync.Once
	err     error     // of close
	dropped uint64    // by the library, as reported so far; only Next uses it
	told    time.Time // when it was last said that messages are dropped; only Next uses it
}

// slowPause is how long it is not said again that messages are dropped: they are counted, whoever wants to know how many.
const slowPause = time.Minute

func (b *Bus) openSubject(ctx context.Context, subject string) (feed, error) {
	size := b.buffer(DefaultBacklog)
	f := &subjectFeed{bus: b, subject: subject, others: duplicates{streamed: &b.streamed}, queue: newQueue(size), ended: make(chan struct{})}
	f.queue.CaughtUp()
	sub, err := b.subscribe(ctx, subject, func() (*nats.Subscription, error) { return b.listen(subject, size, f.ended, f.take) })
	if err != nil {
		f.queue.Close()
		return nil, err
	}
	f.sub = sub
	b.taps.add(sub, f)
	return f, nil
}

// The client library may hold half of what the queue may, in bytes and as so many messages of libraryCost. It needs to:
// when the processor is busy, seconds may pass in which its goroutine for reading runs, and the one that calls take hardly
// does.
const libraryCost = 192

// listen subscribes, with bounds for what waits for take.
func (b *Bus) listen(subject string, size int, ended chan struct{}, take nats.MsgHandler) (*nats.Subscription, error) {
	sub, err := b.conn.Subscribe(subject, take)
	if err != nil {
		return nil, err
	}
	sub.SetClosedHandler(func(string) { close(ended) })
	bytes := size / 2
	if err := sub.SetPendingLimits(max(1, bytes/libraryCost), bytes); err != nil {
		return nil, err
	}
	return sub, nil
}

func (f *subjectFeed) take(m *nats.Msg) { f.Offer(coreMessage(m)) }

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
	if n, err := f.sub.Dropped(); err == nil && uint64(n) > f.dropped {
		batch.Dropped, f.dropped = batch.Dropped+uint64(n)-f.dropped, uint64(n)
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
		f.bus.taps.remove(f.sub)
		f.queue.Close()
		if f.bus.conn.IsClosed() {
			return
		}
		if err := f.sub.Unsubscribe(); err != nil && !f.bus.conn.IsClosed() {
			f.err = fmt.Errorf("unsubscribe from %s: %w", f.subject, err)
			return
		}
		<-f.ended
	})
	return f.err
}
