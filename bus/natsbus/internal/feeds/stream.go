package feeds

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/backlog"
	"signalbox/bus/goroutine"
	"signalbox/bus/natsbus/internal/core"
	"signalbox/bus/natsbus/internal/jsapi"
)

// streamFeed reads a stream with limits, or a bucket, through one source after the other: ordered consumers or, where
// consumers are limited, gets. Its goroutine waits in the queue while the reader is slow, and so asks the server for no more.
type streamFeed struct {
	set      *Set
	station  bus.Station
	stream   string
	prefix   string   // of subjects, not shown: a bucket's
	takes    []string // subjects; guarded by set.mu
	listed   *listed  // guarded by set.mu
	queue    *backlog.Queue
	life     context.Context // ends with Close
	end      context.CancelFunc
	restored chan struct{} // capacity 1: the connection was lost, and is back; or the stream may not be as it was
	asked    chan struct{} // capacity 1: see Conclude
	ended    chan struct{}
	close    sync.Once

	// Only the feed's goroutine uses these.
	losses   losses
	skip     uint64 // messages before the last N that were asked for
	pending  uint64 // messages that followed the one read last
	caughtUp bool
	created  time.Time // of the stream: tells one that was made again
	anew     *bus.Gap  // the stream has begun anew: told with its next message
}

// source is what a streamFeed reads from, until it must begin another.
type source interface {
	read(f *streamFeed)
	stop(s *Set)
}

func (s *Set) openStream(ctx context.Context, station bus.Station, info *jetstream.StreamInfo, from bus.From) (feed, error) {
	f := &streamFeed{
		set: s, station: station, stream: info.Config.Name, takes: info.Config.Subjects,
		queue:    s.newQueue(s.buffer()),
		restored: make(chan struct{}, 1), asked: make(chan struct{}, 1), ended: make(chan struct{}),
		created: info.Created,
	}
	if station.Kind == bus.Bucket {
		f.prefix = jsapi.KeyPrefix(f.stream)
	}
	info, err := s.withDeleted(ctx, info, from)
	if err != nil {
		return nil, err
	}
	first, start, err := f.first(ctx, info, from)
	if err != nil {
		return nil, err
	}
	f.reading(info, start, opened(info, start))
	f.life, f.end = context.WithCancel(s.life)
	goroutine.Go("the reader of a stream", func() { f.run(first) })
	return f, nil
}

// first is the source to begin with, and the sequence that it begins at.
func (f *streamFeed) first(ctx context.Context, info *jetstream.StreamInfo, from bus.From) (source, uint64, error) {
	if f.set.Streams.ConsumerLimit(ctx, info) == "" {
		c, err := f.begin(ctx, info, from)
		if err == nil {
			return c, c.start, nil
		}
		if !errors.Is(err, jsapi.ErrConsumerLimit) && !errors.Is(err, core.ErrSubscriptions) {
			return nil, 0, err
		}
	}
	start, err := f.set.firstGet(ctx, info, from)
	if err != nil {
		return nil, 0, err
	}
	return f.set.newGetter(info), start, nil
}

// begin creates the first consumer. For the last N of a stream with holes it looks for a start with at least N after it.
func (f *streamFeed) begin(ctx context.Context, info *jetstream.StreamInfo, from bus.From) (*orderedConsumer, error) {
	where, state := startAt(from, info.State), info.State
	for back := uint64(1); ; back *= 2 {
		c, err := f.set.newConsumer(ctx, f.stream, where, f.requestBytes())
		if err != nil {
			return nil, err
		}
		first := where.DeliverPolicy == jetstream.DeliverAllPolicy || where.OptStartSeq <= max(1, state.FirstSeq) // 0 while nothing was ever stored
		if from.Start != bus.FromLast || c.count >= from.Last || first {
			if from.Start == bus.FromLast && c.count > from.Last {
				f.skip = c.count - from.Last
			}
			return c, nil
		}
		c.stop(f.set)
		missing := (from.Last - c.count) * back
		where = startAt(bus.From{Start: bus.FromAt, Position: bus.Position{Major: c.start - min(c.start, missing)}}, state)
	}
}

// withDeleted is what is known of a stream with the sequences that are missing, where it matters and they are not too many.
func (s *Set) withDeleted(ctx context.Context, info *jetstream.StreamInfo, from bus.From) (*jetstream.StreamInfo, error) {
	if n := info.State.NumDeleted; n == 0 || n > maxDeleted || from.Start == bus.FromNew {
		return info, nil
	}
	return s.Streams.StreamWithDeleted(ctx, info.Config.Name)
}

// opened is a time before which nothing that is to be read can be lost.
func opened(info *jetstream.StreamInfo, start uint64) int64 {
	switch state := info.State; {
	case start <= state.LastSeq:
		return state.FirstTime.UnixNano()
	case !info.TimeStamp.IsZero():
		return info.TimeStamp.UnixNano() // by the clock that the messages' times are by
	default:
		return time.Now().UnixNano()
	}
}

// reading notes what a stream is that is read from a sequence on. Nothing that is to be read was lost before since.
func (f *streamFeed) reading(info *jetstream.StreamInfo, start uint64, since int64) {
	f.created, f.pending = info.Created, 0
	f.losses = losses{next: start, read: mark{nano: since}, gone: before(info, start), copies: info.Mirror != nil, found: f.losses.found[:0]}
}

// requestBytes bounds one request; two may be under way.
func (f *streamFeed) requestBytes() int { return max(f.set.buffer()/4, 16<<10) }

func (f *streamFeed) run(from source) {
	defer close(f.ended)
	for from != nil {
		from.read(f)
		from.stop(f.set)
		from = f.resume()
	}
}

// read delivers what a consumer brings until it is out of order, the connection was lost, or the feed is closed.
func (c *orderedConsumer) read(f *streamFeed) {
	f.caughtUp = false
	if c.count <= f.skip {
		f.catchUp()
	}
	c.request()
	checks := time.NewTicker(checkEvery)
	defer checks.Stop()
	for {
		select { // messages first, without the price of a larger select
		case m := <-c.messages:
			if !f.deliver(c, m) {
				return
			}
			continue
		default:
		}
		f.tellLosses()
		select {
		case m := <-c.messages:
			if !f.deliver(c, m) {
				return
			}
		case <-checks.C:
			if !f.check(c) {
				return
			}
		case <-f.asked:
			f.conclude(c.passedAll(f))
		case <-f.restored:
			return
		case <-f.life.Done():
			return
		}
	}
}

// deliver delivers a message. It reports false when the consumer cannot go on.
func (f *streamFeed) deliver(c *orderedConsumer, m *nats.Msg) bool {
	d, ok := jsapi.ParseDelivery(m.Reply)
	if !ok {
		at, err := c.status(m)
		if err == nil && at > 0 {
			f.losses.skip(at, time.Now().UnixNano())
		}
		return err == nil
	}
	if d.Stream < f.losses.next || !c.arrived(d) { // below next: the stream has begun anew
		return false
	}
	message := bus.Message{
		Subject: m.Subject, Headers: core.Headers(m.Header), Data: m.Data, Position: bus.Position{Major: d.Stream}, UnixNano: d.Nano, Size: len(m.Data),
	}
	f.set.Routes.Whole(c.sub, &message)
	ok = f.take(message, d.Pending)
	if d.Pending == 0 || c.last >= c.count {
		f.catchUp()
	}
	return ok
}

// take delivers a message, so many being known to follow, unless it is before those that were asked for. It reports false
// when the feed was closed.
func (f *streamFeed) take(m bus.Message, follow uint64) bool {
	f.losses.pass(m.Position.Major, m.UnixNano)
	f.pending = follow
	if f.skip > 0 {
		f.skip--
		f.losses.found = f.losses.found[:0]
		return true
	}
	f.tellAnew(m.UnixNano)
	if len(f.losses.found) >= maxFound {
		f.tellLosses()
	}
	m.Subject = strings.TrimPrefix(m.Subject, f.prefix)
	if body := f.set.Body; body > 0 && len(m.Data) > body {
		m.Data = m.Data[:body]
	}
	return f.queue.Put(m)
}

func (f *streamFeed) catchUp() {
	if !f.caughtUp {
		f.caughtUp = true
		f.queue.CaughtUp()
	}
}

// check looks at a consumer now and then. It reports false when nothing came for so long that the server has forgotten it.
func (f *streamFeed) check(c *orderedConsumer) bool {
	if c.heard {
		c.heard, c.silent = false, 0
	} else if c.silent += checkEvery; c.silent > 2*c.beat && f.set.Core.Conn.IsConnected() {
		return false
	}
	if !f.caughtUp { // what was to come may have been purged
		if info, err := c.info(f.life); err == nil && info.NumPending == 0 {
			f.catchUp()
		}
	}
	return true
}

// Next waits for the next batch.
func (f *streamFeed) Next(ctx context.Context) (*bus.Batch, error) { return f.queue.Next(ctx) }

// Waiting implements bus.Waiter.
func (f *streamFeed) Waiting() int64 { return f.queue.Held() }

// Unread is how many messages have come and wait for Next; any goroutine may ask.
func (f *streamFeed) Unread() uint64 { return f.queue.Unread() }

func (f *streamFeed) outage(time.Time, time.Time) { signal(f.restored) }

func (f *streamFeed) refused(string) bool { return false } // its requests are told

// Close ends reading and removes the consumer.
func (f *streamFeed) Close() error {
	f.close.Do(func() {
		f.set.remove(f)
		f.end()
		f.queue.Close()
		<-f.ended
	})
	return nil
}
