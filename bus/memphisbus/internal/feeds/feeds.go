// Package feeds reads stations of Memphis: the streams of all partitions at once, each as the bus below reads it, merged in order
// of time. While any partition has not caught up the next message is the oldest of all partitions. Afterwards a message waits
// for a moment for an older one of another partition, and no longer: those that come later than that are out of order. Subjects
// are shown as users know them, positions say the partition.
//
// A Set keeps the open feeds of one bus, and closes them. Open waits for the server. A feed is what package bus says of one: its Next is for one goroutine at a time, all else for
// any. Each partition has one goroutine, which holds one batch until Next has taken it; what waits beyond that is held and
// bounded by the feed below. Close waits for them.
package feeds

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/bus/memphisbus/internal/names"
	"signalbox/bus/memphisbus/internal/stations"
)

// Opener is the bus below, which reads streams.
type Opener interface {
	Open(ctx context.Context, station bus.Station, from bus.From) (bus.Feed, error)
}

// Produced is told that a producer sent to a station, of the messages that are read.
type Produced func(station, producer string, when time.Time)

// The headers in which a producer names itself, since Memphis 1.0 and before.
const (
	producedBy    = "$memphis_producedBy"
	producedByOld = "producedBy"
)

// Set is the open feeds of a bus.
type Set struct {
	below    Opener
	produced Produced

	mu     sync.Mutex
	feeds  map[*Feed]struct{}
	closed bool
}

// New makes an empty set.
func New(below Opener, produced Produced) *Set {
	return &Set{below: below, produced: produced, feeds: map[*Feed]struct{}{}}
}

// Close ends all feeds.
func (s *Set) Close() {
	s.mu.Lock()
	s.closed = true
	all := slices.Collect(maps.Keys(s.feeds))
	s.mu.Unlock()
	for _, f := range all {
		_ = f.Close() // the connection is about to be closed, too
	}
}

// add keeps a feed until it is closed. ok is false when the set is.
func (s *Set) add(f *Feed) (ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.feeds[f] = struct{}{}
	}
	return !s.closed
}

func (s *Set) remove(f *Feed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.feeds, f)
}

var errClosed = errors.New("the connection is closed")

// Feed is a station being read.
type Feed struct {
	set      *Set
	station  *stations.Station
	life     context.Context // ends with Close
	end      context.CancelFunc
	reading  goroutine.Group
	arrivals chan arrival
	parts    []*part
	held     atomic.Int64 // bytes of the batches that Next has begun
	closing  sync.Once

	// What follows belongs to whoever calls Next.
	skip      uint64 // so many of the oldest are more than were asked for
	told      bool   // that all has caught up
	ended     bool
	gaps      []bus.Gap
	dropped   uint64
	again     bool // a partition has caught up again
	producers map[string]int64
}

// part is a partition that is read. All but feed and more belong to whoever calls Next.
type part struct {
	number int
	feed   bus.Feed
	more   chan struct{} // its batch is used up

	batch     *bus.Batch
	arrived   time.Time
	at        int // place of the next message
	message   bus.Message
	has       bool // message is the next one
	caught    bool
	ended     bool
	concluded bool
}

// arrival is a batch of a partition, or the error that ends it.
type arrival struct {
	part  *part
	batch *bus.Batch
	err   error
}

// Open starts reading a station.
func (s *Set) Open(ctx context.Context, station *stations.Station, from bus.From) (*Feed, error) {
	f := &Feed{set: s, station: station, arrivals: make(chan arrival), producers: map[string]int64{}}
	f.life, f.end = context.WithCancel(context.Background())
	var kept uint64
	for _, p := range station.Partitions {
		feed, err := s.below.Open(ctx, bus.Station{Name: p.Stream(), Kind: bus.Stream, Replayable: true}, f.from(p, from))
		if err != nil {
			_ = f.Close()
			return nil, err
		}
		kept += min(p.Info.State.Msgs, from.Last)
		f.parts = append(f.parts, &part{number: p.Number, feed: feed, more: make(chan struct{}, 1)})
	}
	if from.Start == bus.FromLast && len(f.parts) > 1 && kept > from.Last {
		f.skip = kept - from.Last
	}
	if !s.add(f) {
		return nil, errors.Join(errClosed, f.Close())
	}
	for _, p := range f.parts {
		f.reading.Go("the reader of a partition", func() { f.read(p) })
	}
	return f, nil
}

// from is where the stream of a partition starts. From a position, the other partitions start at new.
func (f *Feed) from(p stations.Partition, from bus.From) bus.From {
	if from.Start != bus.FromAt {
		return from
	}
	number, sequence := names.Sequence(len(f.station.Partitions), p.Number, from.Position)
	if number != p.Number {
		return bus.From{Start: bus.FromNew}
	}
	if sequence == 0 {
		return bus.From{Start: bus.FromAll}
	}
	return bus.From{Start: bus.FromAt, Position: bus.Position{Major: sequence}}
}

// read hands over the batches of a partition, each when the one before is used up.
func (f *Feed) read(p *part) {
	for {
		batch, err := p.feed.Next(f.life)
		select {
		case f.arrivals <- arrival{p, batch, err}:
		case <-f.life.Done():
			if batch != nil {
				batch.Release()
			}
			return
		}
		if err != nil {
			return
		}
		select {
		case <-p.more:
		case <-f.life.Done():
			return
		}
	}
}

// Next waits for the next batch.
func (f *Feed) Next(ctx context.Context) (*bus.Batch, error) {
	for {
		if f.life.Err() != nil || f.ended {
			return nil, io.EOF
		}
		for f.poll() {
		}
		if !f.awaits() {
			if batch := f.merge(); batch != nil {
				return batch, nil
			}
		}
		if err := f.wait(ctx); err != nil {
			return nil, err
		}
	}
}

// wait waits until a batch has arrived, or what is there has waited long enough.
func (f *Feed) wait(ctx context.Context) error {
	var due <-chan time.Time
	if p := f.oldest(); p != nil && !f.awaits() {
		timer := time.NewTimer(settles - time.Since(p.arrived))
		defer timer.Stop()
		due = timer.C
	}
	select {
	case a := <-f.arrivals:
		return f.take(a)
	case <-due:
	case <-ctx.Done():
		return ctx.Err()
	case <-f.life.Done():
	}
	return nil
}

// poll takes what has arrived already.
func (f *Feed) poll() bool {
	select {
	case a := <-f.arrivals:
		return f.take(a) == nil
	default:
		return false
	}
}

// take takes in a batch of a partition.
func (f *Feed) take(a arrival) error {
	p := a.part
	if a.err != nil {
		p.ended, p.caught = true, true
		if over := f.life.Err() != nil || errors.Is(a.err, io.EOF); !over {
			return a.err
		}
		return nil
	}
	p.batch, p.arrived, p.at = a.batch, time.Now(), 0
	f.held.Add(int64(p.batch.Memory()))
	for _, gap := range a.batch.Gaps {
		gap.From, gap.To = f.place(p, gap.From), f.place(p, gap.To)
		f.gaps = append(f.gaps, gap)
	}
	f.dropped += a.batch.Dropped
	f.step(p)
	return nil
}

// place is a position as the station has it.
func (f *Feed) place(p *part, at bus.Position) bus.Position {
	return f.station.Place(p.number, at.Major)
}

// step reads the next message of a partition. Behind the last of its batch the next batch is fetched.
func (f *Feed) step(p *part) {
	if p.has = p.at < p.batch.End(); p.has {
		p.at = p.batch.Read(p.at, &p.message)
		return
	}
	if p.batch.CaughtUp {
		f.again = f.again || f.told
		p.caught = true
	}
	p.ended, p.concluded = p.ended || p.batch.Ended, p.concluded || p.batch.Concluded
	f.held.Add(-int64(p.batch.Memory()))
	p.batch.Release()
	p.batch = nil
	p.more <- struct{}{}
}

// awaits tells whether a partition may still have an older message than the others.
func (f *Feed) awaits() bool {
	for _, p := range f.parts {
		if p.batch == nil && !p.caught && !p.ended {
			return true
		}
	}
	return false
}

// Conclude asks all partitions what was lost.
func (f *Feed) Conclude() {
	for _, p := range f.parts {
		bus.Conclude(p.feed)
	}
}

// Waiting is how many bytes wait for Next.
func (f *Feed) Waiting() int64 {
	held := f.held.Load()
	for _, p := range f.parts {
		held += bus.WaitingIn(p.feed)
	}
	return held
}

// Close stops reading.
func (f *Feed) Close() error {
	var errs []error
	f.closing.Do(func() {
		f.set.remove(f)
		f.end()
		for _, p := range f.parts {
			errs = append(errs, p.feed.Close())
		}
		f.reading.Wait()
	})
	return errors.Join(errs...)
}
