package natsbus

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/backlog"
	"signalbox/bus/natsbus/internal/core"
	"signalbox/bus/natsbus/internal/jsapi"
)

// streamFeed reads a stream with limits, or a bucket, through one ordered consumer after the other. Its goroutine waits
// in the queue while the reader is slow, and so asks the server for no more.
type streamFeed struct {
	bus     *Bus
	station bus.Station
	stream  string
	prefix  string   // of subjects, not shown: a bucket's
	takes   []string // subjects; guarded by bus.mu
	queue   *backlog.Queue
	life    context.Context // ends with Close
	end     context.CancelFunc
	kick    chan struct{} // capacity 1: the connection was lost, and is back
	ended   chan struct{}
	close   sync.Once

	// Only the feed's goroutine uses these.
	next     uint64 // sequence to go on with
	skip     uint64 // messages before the last N that were asked for
	caughtUp bool
	created  time.Time // of the stream: tells one that was made again
	sparse   bool      // sequences are missing as a matter of course
	jumps    jumps
}

func (b *Bus) openStream(ctx context.Context, station bus.Station, info *jetstream.StreamInfo, from bus.From) (feed, error) {
	f := &streamFeed{
		bus: b, station: station, stream: info.Config.Name, takes: info.Config.Subjects,
		queue: newQueue(b.buffer(DefaultBuffer)),
		kick:  make(chan struct{}, 1), ended: make(chan struct{}),
		created: info.Created, sparse: info.Config.MaxMsgsPerSubject > 0,
	}
	if station.Kind == bus.Bucket {
		f.prefix = jsapi.KeyPrefix(f.stream)
	}
	p, err := f.begin(ctx, info, from)
	if err != nil {
		return nil, err
	}
	f.life, f.end = context.WithCancel(b.life)
	go f.run(p)
	return f, nil
}

// begin creates the first consumer. For the last N of a stream with holes it looks for a start with at least N after it.
func (f *streamFeed) begin(ctx context.Context, info *jetstream.StreamInfo, from bus.From) (*pull, error) {
	where, state := startAt(from, info.State), info.State
	for back := uint64(1); ; back *= 2 {
		p, err := f.bus.newPull(ctx, f.stream, where, f.requestBytes())
		if err != nil {
			return nil, err
		}
		enough := from.Start != bus.FromLast || p.held >= from.Last || p.start <= state.FirstSeq
		if enough {
			if from.Start == bus.FromLast && p.held > from.Last {
				f.skip = p.held - from.Last
			}
			f.next = p.start
			return p, nil
		}
		p.stop()
		missing := (from.Last - p.held) * back
		where = startAt(bus.From{Start: bus.FromAt, Position: bus.Position{Major: p.start - min(p.start, missing)}}, state)
	}
}

// requestBytes bounds one request; two may be under way.
func (f *streamFeed) requestBytes() int { return max(f.bus.buffer(DefaultBuffer)/4, 16<<10) }

func (f *streamFeed) run(p *pull) {
	defer close(f.ended)
	for p != nil {
		f.read(p)
		p.stop()
		p = f.resume()
	}
}

// read delivers what a consumer brings until it is out of order, the connection was lost, or the feed is closed.
func (f *streamFeed) read(p *pull) {
	f.caughtUp = false
	if p.held <= f.skip {
		f.catchUp()
	}
	p.refill()
	look := time.NewTicker(2*pullHeartbeat + time.Second)
	defer look.Stop()
	for {
		select { // messages first, without the price of a larger select
		case m := <-p.messages:
			if !f.take(p, m) {
				return
			}
			continue
		default:
		}
		f.judge()
		select {
		case m := <-p.messages:
			if !f.take(p, m) {
				return
			}
		case <-look.C:
			if !f.look(p) {
				return
			}
		case <-f.kick:
			return
		case <-f.life.Done():
			return
		}
	}
}

// take delivers a message. It reports false when the consumer cannot go on.
func (f *streamFeed) take(p *pull, m *nats.Msg) bool {
	d, ok := jsapi.ParseDelivery(m.Reply)
	if !ok {
		return p.status(m) == nil
	}
	if !p.arrived(d) {
		return false
	}
	if d.Stream > f.next && !f.sparse {
		f.jumps.add(f.next, d.Stream-1)
		if f.jumps.full() {
			f.judge()
		}
	}
	f.next = d.Stream + 1
	if f.skip > 0 {
		f.skip--
		return true
	}
	ok = f.queue.Put(bus.Message{
		Subject: strings.TrimPrefix(m.Subject, f.prefix), Headers: core.Headers(m.Header), Data: m.Data,
		Position: bus.Position{Major: d.Stream}, UnixNano: d.Nano, Size: len(m.Data),
	})
	if d.Pending == 0 || p.last >= p.held {
		f.catchUp()
	}
	return ok
}

func (f *streamFeed) catchUp() {
	if !f.caughtUp {
		f.caughtUp = true
		f.queue.CaughtUp()
	}
}

// look checks on a consumer from which nothing came for a while. It reports false when the server has forgotten it.
func (f *streamFeed) look(p *pull) bool {
	heard := p.heard
	p.heard = false
	if !heard && f.bus.core.Conn.IsConnected() {
		return false
	}
	if !f.caughtUp { // what was to come may have been purged
		if n, err := p.pending(f.life); err == nil && n == 0 {
			f.catchUp()
		}
	}
	return true
}

// Next waits for the next batch.
func (f *streamFeed) Next(ctx context.Context) (*bus.Batch, error) { return f.queue.Next(ctx) }

// Waiting implements bus.Waiter.
func (f *streamFeed) Waiting() int64 { return f.queue.Held() }

func (f *streamFeed) outage(time.Time, time.Time) { signal(f.kick) }

func (f *streamFeed) refused(string) bool { return false } // its requests are told

// Close ends reading and removes the consumer.
func (f *streamFeed) Close() error {
	f.close.Do(func() {
		f.bus.dismiss(f)
		f.end()
		f.queue.Close()
		<-f.ended
	})
	return nil
}
