package feeds

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
	"signalbox/bus/backlog"
	"signalbox/bus/goroutine"
	"signalbox/bus/natsbus/internal/core"
	"signalbox/bus/natsbus/internal/subjects"
)

// serviceFeed reads the requests to a service by core subscriptions to the subjects of its endpoints, beside the service and
// outside its queue group, and the replies by subscriptions to inboxes. Both come from the connection itself, in their order.
//
// Where inboxes may be listened to, all are. Elsewhere it is those of whoever was seen to ask, for as long as he goes on: the
// first reply to each may come before that. An inbox that is not listened to any more has no taker because of the session.
//
// While no instance answers, its endpoints are not listened to: the server is to say to whoever asks that nobody is there.
type serviceFeed struct {
	set     *Set
	name    string
	station bus.Station // as it was when it answered last; the set's lock guards it
	queue   *backlog.Queue
	life    context.Context // ends with Close
	end     context.CancelFunc
	done    chan struct{}
	close   sync.Once
	dropped uint64 // by the library, as reported so far; only Next uses it

	exchanges exchanges
	all       bool            // all inboxes are listened to
	asking    chan string     // inboxes of whoever asks
	told      chan []string   // capacity 1: the endpoints that the service has now; nil: it does not answer
	requests  serviceRequests // receives those
	replies   serviceReplies  // receives what comes on inboxes

	mu        sync.Mutex // guards what follows
	endpoints map[string]*core.Subscription

	// Only the feed's goroutine uses these.
	inboxes map[string]*inbox
	deaf    bool      // inboxes may not be listened to
	silent  int       // how often it did not answer, one time after the other
	since   time.Time // since when it is not listened to
}

// inbox is one that is listened to, with all that belong to the same client.
type inbox struct {
	sub  *core.Subscription
	last time.Time // when somebody was seen to ask who awaits the reply there
}

// Bounds of what is listened to.
const (
	mostInboxes = 256
	idleInbox   = 20 * time.Second
	lookAtIdle  = 5 * time.Second
	mostSilent  = 2 // answers that an instance may owe before it is taken to be gone
)

func (s *Set) openService(ctx context.Context, station bus.Station) (feed, error) {
	f := &serviceFeed{
		set: s, name: station.Name, station: station, queue: s.newQueue(s.Buffer), done: make(chan struct{}), asking: make(chan string, mostInboxes),
		told: make(chan []string, 1), endpoints: map[string]*core.Subscription{}, inboxes: map[string]*inbox{},
	}
	f.requests.feed, f.replies.feed = f, f
	f.queue.CaughtUp()
	f.life, f.end = context.WithCancel(s.life)
	if s.AllowAll || s.Streams.Absent() {
		f.all = f.listenTo(ctx, everyInbox) == nil
	}
	if err := f.listen(ctx, station.Subjects); err != nil {
		f.end()
		_ = f.unsubscribe()
		return nil, err
	}
	goroutine.Go("the reader of a service", f.run)
	return f, nil
}

const everyInbox = nats.InboxPrefix + ">"

// listen listens to those endpoints that are not listened to yet.
func (f *serviceFeed) listen(ctx context.Context, endpoints []string) error {
	for _, subject := range endpoints {
		f.mu.Lock()
		_, is := f.endpoints[subject]
		f.mu.Unlock()
		if is || !f.set.AllowAll && subjects.TakesInboxes(subject) {
			continue
		}
		sub, err := f.set.listen(ctx, subject, f.requests.receive)
		if err != nil {
			return err
		}
		f.set.Routes.AddExchanges(sub.Subscription, &f.requests)
		f.mu.Lock()
		f.endpoints[subject] = sub
		f.mu.Unlock()
	}
	return nil
}

// listenTo listens to an inbox, or to several.
func (f *serviceFeed) listenTo(ctx context.Context, pattern string) error {
	sub, err := f.set.listen(ctx, pattern, f.replies.receive)
	if errors.Is(err, bus.ErrRefused) && !f.deaf {
		f.deaf = true
		f.set.Notices.Add(bus.Warn, f.name, "replies of %s are not seen: no permission to subscribe to %s; how long it takes is what it tells itself", f.name, pattern)
	}
	if err != nil {
		return err
	}
	f.set.Routes.AddExchanges(sub.Subscription, &f.replies)
	f.inboxes[pattern] = &inbox{sub: sub, last: time.Now()}
	return nil
}

// serviceRequests receives requests.
type serviceRequests struct{ feed *serviceFeed }

func (r *serviceRequests) receive(m *nats.Msg) { r.feed.receive(m, r) }

// OfferEach delivers requests, and notes where replies are awaited.
func (r *serviceRequests) OfferEach(messages iter.Seq[*bus.Message]) {
	f := r.feed
	f.queue.OfferEach(func(yield func(*bus.Message) bool) {
		for m := range messages {
			if inbox := f.exchanges.asked(m); inbox != "" && !f.all {
				select {
				case f.asking <- inbox:
				default: // it will ask again
				}
			}
			if !yield(m) {
				return
			}
		}
	})
}

// serviceReplies receives replies.
type serviceReplies struct{ feed *serviceFeed }

func (r *serviceReplies) receive(m *nats.Msg) { r.feed.receive(m, r) }

// OfferEach delivers the replies to requests that were seen.
func (r *serviceReplies) OfferEach(messages iter.Seq[*bus.Message]) {
	f := r.feed
	f.queue.OfferEach(func(yield func(*bus.Message) bool) {
		for m := range messages {
			if f.exchanges.answered(m) && !yield(m) {
				return
			}
		}
	})
}

// receive takes what comes by the client library, before there is a route.
func (f *serviceFeed) receive(m *nats.Msg, to interface {
	OfferEach(messages iter.Seq[*bus.Message])
}) {
	one := core.Message(m)
	f.set.Routes.Whole(m.Sub, &one)
	if m.Reply != "" {
		one.Headers = append(bus.Headers{{Name: bus.ExchangeHeader, Value: m.Reply}}, one.Headers...)
	}
	to.OfferEach(func(yield func(*bus.Message) bool) { yield(&one) })
}

// subjects are those of which the feeds of subjects leave out what comes.
func (f *serviceFeed) subjects() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := make([]string, 0, len(f.endpoints))
	for subject := range f.endpoints {
		all = append(all, subject)
	}
	slices.Sort(all)
	return all
}

// Next waits for the next batch, and adds what the library dropped since the one before.
func (f *serviceFeed) Next(ctx context.Context) (*bus.Batch, error) {
	batch, err := f.queue.Next(ctx)
	if err != nil {
		return nil, err
	}
	if n := f.sum((*core.Subscription).Lost); n > f.dropped {
		batch.Dropped, f.dropped = batch.Dropped+n-f.dropped, n
	}
	return batch, nil
}

// sum adds up what the subscriptions to endpoints say.
func (f *serviceFeed) sum(of func(*core.Subscription) uint64) (sum uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, sub := range f.endpoints {
		sum += of(sub)
	}
	return sum
}

func (f *serviceFeed) refused(subject string) bool {
	f.mu.Lock()
	_, is := f.endpoints[subject]
	f.mu.Unlock()
	if is {
		now := time.Now()
		f.queue.Gap(bus.Gap{Since: now, Until: now, Unknown: true, Why: "permission"})
		f.set.Notices.Add(bus.Fail, f.name, "the server no longer lets %s be read", subject)
	}
	return is
}

func (f *serviceFeed) outage(since, until time.Time) {
	f.queue.Gap(bus.Gap{Since: since, Until: until, Unknown: true, Why: "reconnected"})
}

// Close unsubscribes and waits for all that works for the feed.
func (f *serviceFeed) Close() error {
	var err error
	f.close.Do(func() {
		f.set.remove(f)
		f.end()
		<-f.done
		f.queue.Close()
		err = f.unsubscribe()
	})
	return err
}

// unsubscribe ends all subscriptions.
func (f *serviceFeed) unsubscribe() error {
	var errs []error
	for pattern := range f.inboxes {
		errs = append(errs, f.forget(pattern))
	}
	return errors.Join(append(errs, f.unlisten(nil))...)
}

// unlisten stops listening to all endpoints but some.
func (f *serviceFeed) unlisten(but []string) error {
	var errs []error
	for _, subject := range f.subjects() {
		if slices.Contains(but, subject) {
			continue
		}
		f.mu.Lock()
		sub := f.endpoints[subject]
		delete(f.endpoints, subject)
		f.mu.Unlock()
		errs = append(errs, f.stop(sub))
	}
	return errors.Join(errs...)
}

// forget stops listening to inboxes.
func (f *serviceFeed) forget(pattern string) error {
	sub := f.inboxes[pattern].sub
	delete(f.inboxes, pattern)
	return f.stop(sub)
}

func (f *serviceFeed) stop(sub *core.Subscription) error {
	f.set.Routes.Remove(sub.Subscription)
	f.set.ignore(sub)
	if err := sub.Stop(); err != nil {
		return fmt.Errorf("unsubscribe from %s: %w", sub.Subject, err)
	}
	return nil
}

// Waiting implements bus.Waiter.
func (f *serviceFeed) Waiting() int64 {
	return f.queue.Held() + int64(f.sum(func(s *core.Subscription) uint64 { return uint64(s.Held()) }))
}

// Unread is how many messages have come and wait for Next; any goroutine may ask.
func (f *serviceFeed) Unread() uint64 { return f.queue.Unread() + f.sum((*core.Subscription).Unread) }
