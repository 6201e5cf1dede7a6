// Package feeds reads NATS stations, each in the way that disturbs nobody:
//
//   - a stream with limits, or a bucket, by ordered consumers of the session's own (stream.go, ordered_consumer.go) or,
//     where the number of consumers is limited, by single gets (getter.go);
//   - a work-queue or interest stream by single gets and core subscriptions, without a consumer (queue.go);
//   - a service by core subscriptions beside it, and to the inboxes of whoever asks it (service.go);
//   - a subject by a core subscription, its messages read from the connection where that can be (subject.go).
//
// A Set keeps the open feeds of one connection. Its methods may be called from any goroutine; Open and Close wait for the
// server, the others do not wait. Each feed fills a backlog.Queue, from goroutines of its own that its Close waits for. What
// a stream has not delivered yet stays there; on the other stations, what the queue has no room for is dropped and counted.
package feeds

import (
	"cmp"
	"context"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/backlog"
	"signalbox/bus/goroutine"
	"signalbox/bus/natsbus/internal/core"
	"signalbox/bus/natsbus/internal/jsapi"
	"signalbox/bus/natsbus/internal/wire"
)

// DefaultBuffer is what a feed holds at most when its reader is slower than the broker, and the broker keeps what does not
// fit. Where that is lost, a feed may have all of the budget.
const DefaultBuffer = 4 << 20

// libraryShare is the part of the budget, over it, that the client library may hold of all subscriptions before they are
// read; leastPending is what each may have in any case.
const (
	libraryShare = 8
	leastPending = 4 << 10
)

// Inactivity is how long after the last request the server removes a consumer of the session, should it crash.
const Inactivity = 5 * time.Second

// Client is what feeds use of a connection.
type Client struct {
	Core     *core.Client
	Streams  *jsapi.Client
	Routes   *wire.Routes
	Notices  *bus.NoticeBuffer
	Budget   *bus.Budget // that all feeds draw on
	Buffer   int         // bytes of it that a feed may hold; 0 is DefaultBuffer, or all there is where what does not fit is lost
	Body     int         // bytes of a payload that are kept
	AllowAll bool        // subscribe to subjects that take other clients' inboxes, too
}

// buffer is how many bytes a feed may hold that can have the server wait.
func (c *Client) buffer() int { return cmp.Or(c.Buffer, DefaultBuffer) }

// Set is the open feeds of a connection.
type Set struct {
	*Client
	life context.Context // ends with Close
	end  context.CancelFunc
	read streamSubjects

	getting chan struct{} // a place for each message that is being got

	library  listening
	removals removals

	mu        sync.Mutex // guards what follows
	feeds     map[feed]struct{}
	listening int               // feeds of subjects, among them those about to be added
	consumers map[string]string // those that feeds have made, by name: the stream, "" until they are made
	ownOf     map[string]int    // how many of them a stream has
}

// feed is what the set must tell its feeds.
type feed interface {
	bus.Feed
	outage(since, until time.Time) // the connection was lost, and is back
	refused(subject string) bool   // the server forbids a subject: is it one of the feed's?
}

// New makes an empty set.
func New(c *Client) *Set {
	s := &Set{Client: c, feeds: map[feed]struct{}{}, consumers: map[string]string{}, ownOf: map[string]int{}, library: listening{subs: map[*core.Subscription]struct{}{}},
		getting: make(chan struct{}, getsTogether)}
	s.life, s.end = context.WithCancel(context.Background())
	return s
}

// Open starts reading a station, which must be readable. For a stream or bucket it asks about its retention first, since
// that decides how.
func (s *Set) Open(ctx context.Context, station bus.Station, from bus.From) (bus.Feed, error) {
	if s.life.Err() != nil {
		return nil, core.ErrClosed
	}
	f, err := s.open(ctx, station, from)
	if err != nil {
		return nil, err
	}
	if err := s.add(f); err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

func (s *Set) open(ctx context.Context, station bus.Station, from bus.From) (feed, error) {
	switch station.Kind {
	case bus.Subject:
		return s.openSubject(ctx, station.Name)
	case bus.Service:
		return s.openService(ctx, station)
	}
	info, err := s.Streams.Stream(ctx, jsapi.StreamName(station))
	if err != nil {
		return nil, err
	}
	if Consumable(info) {
		return s.openStream(ctx, station, info, from)
	}
	return s.openQueue(ctx, station, info, from)
}

// Consumable tells whether a consumer on a stream disturbs nobody.
func Consumable(info *jetstream.StreamInfo) bool {
	return info.Config.Retention == jetstream.LimitsPolicy
}

// add keeps a feed until it is closed, unless the set is closed already.
func (s *Set) add(f feed) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.life.Err() != nil {
		return core.ErrClosed
	}
	s.feeds[f] = struct{}{}
	s.updateSubjects()
	return nil
}

// size is how many feeds there are, at least 1.
func (s *Set) size() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return max(1, len(s.feeds))
}

// share is how long each feed waits that does something in turn with all others, so that a server is not asked too often.
func (s *Set) share() time.Duration { return time.Duration(s.size()) * 10 * time.Millisecond }

// remove forgets a feed that is being closed.
func (s *Set) remove(f feed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.feeds, f)
	s.updateSubjects()
}

func (s *Set) all() []feed {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]feed, 0, len(s.feeds))
	for f := range s.feeds {
		all = append(all, f)
	}
	return all
}

// Outage tells all feeds that the connection was lost and is back.
func (s *Set) Outage(since, until time.Time) {
	for _, f := range s.all() {
		f.outage(since, until)
	}
}

// Refuse tells the feeds of a subject that the server does not let it be read any more, and reports whether there are any.
func (s *Set) Refuse(subject string) bool {
	known := false
	for _, f := range s.all() {
		known = f.refused(subject) || known
	}
	return known
}

// Slow tells the user that a subject is read too slowly.
func (c *Client) Slow(subject string) {
	c.Notices.Add(bus.Warn, subject, "%s comes faster than it is read: messages are dropped, and counted", subject)
}

// Owns tells whether a consumer was made by a feed: it is none of the system's.
func (s *Set) Owns(consumer string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, is := s.consumers[consumer]
	return is
}

// OwnOf counts the consumers of feeds that a stream has.
func (s *Set) OwnOf(stream string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ownOf[stream]
}

// own notes a consumer of a feed: that it is about to be made when the stream is "", and then whose it is.
func (s *Set) own(consumer, stream string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.consumers[consumer] = stream
	if stream != "" {
		s.ownOf[stream]++
	}
}

// disown forgets a consumer of a feed.
func (s *Set) disown(consumer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if stream := s.consumers[consumer]; stream != "" {
		if s.ownOf[stream]--; s.ownOf[stream] == 0 {
			delete(s.ownOf, stream)
		}
	}
	delete(s.consumers, consumer)
}

// Counts tells how many feeds are open, and how many consumers they have on the server.
func (s *Set) Counts() (feeds, consumers int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.feeds), len(s.consumers)
}

// Close closes all feeds and waits for them.
func (s *Set) Close() {
	s.end()
	var closing goroutine.Group
	for _, f := range s.all() {
		closing.Go("what closes a feed", func() { _ = f.Close() }) // what cannot be cleaned up the server removes by itself
	}
	closing.Wait()
}

// newQueue makes the queue of a feed that may hold so many bytes of the budget; 0 is all there is.
func (c *Client) newQueue(most int) *backlog.Queue { return backlog.NewQueue(c.Budget, int64(most)) }

// signal wakes whoever waits for a channel of capacity 1, now or the next time.
func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
