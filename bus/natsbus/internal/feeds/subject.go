package feeds

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
	"signalbox/bus/backlog"
	"signalbox/bus/natsbus/internal/core"
	"signalbox/bus/natsbus/internal/subjects"
)

// subjectFeed reads a core subject. Its messages come from the connection itself by a route; before that is open, and where
// it cannot be, they come from the client library. What a full queue has no room for is dropped, and counted.
type subjectFeed struct {
	set     *Set
	subject string
	filter  streamFilter
	queue   *backlog.Queue
	sub     *core.Subscription
	close   sync.Once
	err     error     // of close
	dropped uint64    // by the library, as reported so far; only Next uses it
	told    time.Time // when it was last said that messages are dropped; only Next uses it
}

// slowPause is how long it is not said again that messages are dropped: they are counted, whoever wants to know how many.
const slowPause = time.Minute

func (s *Set) openSubject(ctx context.Context, subject string) (feed, error) {
	f := &subjectFeed{set: s, subject: subject, filter: streamFilter{read: &s.read}, queue: s.newQueue(s.Buffer)}
	f.queue.CaughtUp()
	s.listens(1)
	sub, err := s.listen(ctx, subject, f.receive)
	if err != nil {
		s.listens(-1)
		f.queue.Close()
		return nil, err
	}
	f.sub = sub
	s.Routes.Add(sub.Subscription, f)
	return f, nil
}

func (f *subjectFeed) receive(m *nats.Msg) {
	if f.set.Routes.Own(m.Subject, m.Reply) {
		return
	}
	one := core.Message(m)
	f.set.Routes.Whole(m.Sub, &one)
	f.OfferEach(func(yield func(*bus.Message) bool) { yield(&one) })
}

// OfferEach delivers what came.
func (f *subjectFeed) OfferEach(messages iter.Seq[*bus.Message]) {
	f.queue.OfferEach(f.filter.rest(messages))
}

// Next waits for the next batch, and adds what the library dropped since the one before.
func (f *subjectFeed) Next(ctx context.Context) (*bus.Batch, error) {
	batch, err := f.queue.Next(ctx)
	if err != nil {
		return nil, err
	}
	if batch.Dropped > 0 && time.Since(f.told) > slowPause {
		f.told = time.Now()
		f.set.Slow(f.subject)
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
	f.set.Notices.Add(bus.Fail, f.subject, "the server no longer lets %s be read", f.subject)
	return true
}

// Close unsubscribes.
func (f *subjectFeed) Close() error {
	f.close.Do(func() {
		f.set.remove(f)
		f.set.listens(-1)
		f.set.Routes.Remove(f.sub.Subscription)
		f.queue.Close()
		f.set.ignore(f.sub)
		if err := f.sub.Stop(); err != nil {
			f.err = fmt.Errorf("unsubscribe from %s: %w", f.subject, err)
		}
	})
	return f.err
}

// Hears tells whether a feed of a subject delivers what is sent on one.
func (s *Set) Hears(subject string) bool {
	for _, f := range s.all() {
		if f, ok := f.(*subjectFeed); ok && subjects.Matches(f.subject, subject) {
			return true
		}
	}
	return false
}

// FromLibrary is how many messages have come by the client library, rather than from the connection itself.
func (f *subjectFeed) FromLibrary() (int64, error) { return f.sub.Delivered() }

// Waiting implements bus.Waiter.
func (f *subjectFeed) Waiting() int64 { return f.queue.Held() + f.sub.Held() }

// Unread is how many messages have come and wait for Next; any goroutine may ask.
func (f *subjectFeed) Unread() uint64 { return f.queue.Unread() + f.sub.Unread() }
