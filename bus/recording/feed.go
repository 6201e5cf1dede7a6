package recording

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"sort"
	"sync"
	"time"

	"signalbox/bus"
	"signalbox/bus/recording/internal/content"
)

// feed reads one station of a recording, on the goroutine that calls Next: nothing waits in it.
type feed struct {
	bus     *Bus
	station *station
	closed  chan struct{}
	once    sync.Once
	asked   chan struct{} // capacity 1: it is to tell that all that was lost is told

	// What follows belongs to whoever calls Next.
	wants    func(m *bus.Message) bool // nil: all
	skip     uint64                    // messages to leave out
	leave    uint64                    // likewise of those that would be delivered
	number   uint64                    // of the message before
	block    int                       // of the station's blocks, the next one
	rest     []byte                    // sections of the block at hand
	batch    *bus.Batch                // messages of the section at hand
	at       int                       // place in it of the next message
	gaps     []bus.Gap                 // to be delivered before it
	started  bool
	ended    bool
	message  bus.Message
	readable bool // message is read, and not delivered yet
}

// Open implements bus.Bus.
func (b *Bus) Open(_ context.Context, row bus.Station, from bus.From) (bus.Feed, error) {
	return b.open(row, from, 0)
}

// open begins to read a station, but for so many messages that would be delivered first.
func (b *Bus) open(row bus.Station, from bus.From, leave uint64) (bus.Feed, error) {
	s := b.byName[row.Name]
	if s == nil {
		return nil, fmt.Errorf("reading %s: %w in the recording %s", row.Name, bus.ErrMissing, b.name)
	}
	f := &feed{bus: b, station: s, leave: leave, closed: make(chan struct{}), asked: make(chan struct{}, 1)}
	f.startAt(from)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.info.Link == bus.Closed {
		return nil, fmt.Errorf("reading %s: the recording is closed", row.Name)
	}
	b.feeds[f] = true
	b.player.begin()
	return f, nil
}

// startAt finds the block to begin with, and says which messages are left out.
func (f *feed) startAt(from bus.From) {
	s := f.station
	switch from.Start {
	case bus.FromNew:
		if f.bus.player == nil {
			f.block = len(s.heads)
		}
	case bus.FromLast:
		if n := s.messages(); n > from.Last {
			f.skip = n - from.Last
		}
	case bus.FromSince:
		since := f.bus.last - int64(from.Since) // back from its end: a recording has no now
		f.block = sort.Search(len(s.heads), func(i int) bool { return s.latestUpTo(i) >= since })
		f.wants = func(m *bus.Message) bool { return m.UnixNano >= since }
	case bus.FromAt:
		at := from.Position
		f.wants = func(m *bus.Message) bool { return m.Position.Partition == at.Partition && !m.Position.Less(at) }
		if s.counts && at.Major > 0 {
			f.skip, f.wants = at.Major-1, nil
		}
	}
	if f.bus.from > math.MinInt64 && f.block < len(s.heads) {
		f.block = max(f.block, sort.Search(len(s.heads), func(i int) bool { return s.latestUpTo(i) >= f.bus.from }))
	}
	if f.skip > 0 {
		f.block = sort.Search(len(s.upTo), func(i int) bool { return s.upTo[i] > f.skip })
	}
	if f.block > 0 {
		f.number = s.upTo[f.block-1]
	}
}

// latestUpTo is the time of the latest message in the blocks up to one: it never goes back.
func (s *station) latestUpTo(block int) int64 {
	latest := s.parts[0].Last
	for i := range s.parts[:block+1] {
		latest = max(latest, s.parts[i].Last)
	}
	return latest
}

// Next implements bus.Feed.
func (f *feed) Next(ctx context.Context) (*bus.Batch, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if f.isClosed() || f.ended {
		return nil, io.EOF
	}
	if !f.started && f.bus.player != nil { // it is as if it were live
		f.started = true
		b := bus.NewBatch(0)
		b.CaughtUp = true
		return b, nil
	}
	batch, err := f.next(ctx)
	select {
	case <-f.asked:
		if batch == nil {
			f.Conclude() // the next one tells
			break
		}
		batch.Concluded = true
	default:
	}
	return batch, err
}

// Conclude implements bus.Concluder: what was lost is in the recording, at its place.
func (f *feed) Conclude() {
	select {
	case f.asked <- struct{}{}:
	default:
	}
}

// next fills a batch.
func (f *feed) next(ctx context.Context) (*bus.Batch, error) {
	to := bus.NewBatch(bus.FullBatch)
	for {
		found, err := f.find(to)
		switch {
		case f.isClosed():
			to.Release()
			return nil, io.EOF
		case err != nil:
			to.Release()
			return nil, err
		case !found:
			if told, more := f.bus.nextNotice(); more { // after the last message
				if to.Len() > 0 || len(to.Gaps) > 0 || to.Dropped > 0 {
					return to, nil
				}
				switch err := f.wait(ctx, f.bus.player.until(told.UnixNano())); {
				case errors.Is(err, errAsked):
					return to, nil
				case err != nil:
					to.Release()
					return nil, err
				}
				f.bus.tell(told)
				continue
			}
			to.CaughtUp, to.Ended, f.ended = f.bus.player == nil, true, true
			return to, nil
		case len(f.gaps) > 0 && to.Len() > 0, !to.Fits(&f.message) && to.Len() > 0:
			return to, nil
		}
		if due := f.bus.player.until(f.message.UnixNano); due > 0 {
			if to.Len() > 0 || to.Dropped > 0 {
				return to, nil
			}
			told, first := f.bus.nextNotice()
			if first = first && told.UnixNano() < f.message.UnixNano; first {
				due = f.bus.player.until(told.UnixNano())
			}
			err := f.wait(ctx, due)
			if err == nil && first {
				f.bus.tell(told)
				continue
			}
			switch {
			case errors.Is(err, errAsked):
				return to, nil
			case err != nil:
				to.Release()
				return nil, err
			}
		}
		if f.bus.player != nil {
			f.bus.tell(time.Unix(0, f.message.UnixNano))
		}
		to.Gaps, f.gaps = append(to.Gaps, f.gaps...), nil
		to.Add(&f.message)
		f.readable = false
	}
}

// wait waits until a message is due.
func (f *feed) wait(ctx context.Context, due time.Duration) error {
	timer := time.NewTimer(due)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-f.closed:
		return io.EOF
	case <-f.asked:
		f.Conclude() // the batch tells
		return errAsked
	}
}

// errAsked ends a wait for those who want to know what was lost.
var errAsked = errors.New("it is asked what was lost")

// find reads the next message that is wanted; false at the end. What was dropped goes to the batch that is being filled.
func (f *feed) find(to *bus.Batch) (bool, error) {
	for !f.readable {
		if f.batch == nil || f.at == f.batch.End() {
			f.batch, f.at = nil, 0
			if more, err := f.section(to); !more {
				return false, err
			}
			continue
		}
		f.at = f.batch.Read(f.at, &f.message)
		f.number++
		if f.station.counts {
			f.message.Position = bus.Position{Major: f.number}
		}
		f.readable = f.number > f.skip && f.bus.isKept(f.message.UnixNano) && (f.wants == nil || f.wants(&f.message))
		if f.readable && f.leave > 0 {
			f.leave, f.readable = f.leave-1, false
		}
	}
	return true, nil
}

// section goes to the next section of the station; false at the end of the recording.
func (f *feed) section(to *bus.Batch) (bool, error) {
	if len(f.rest) == 0 {
		return f.nextBlock(to)
	}
	var s content.Section
	if f.rest = s.Rest(f.rest); f.rest == nil {
		f.lose(f.block - 1)
		return true, nil
	}
	if f.bus.byNumber[s.Station] != f.station {
		return true, nil
	}
	switch s.Sort {
	case content.Gap:
		if f.number >= f.skip && f.bus.concerns(&s.Gap) {
			f.gaps = append(f.gaps, s.Gap)
		}
	case content.Drop:
		if f.number >= f.skip && f.bus.isKept(s.Received) {
			to.Dropped += s.Dropped
		}
	case content.Batch:
		batch, err := s.Packed.Batch()
		if f.batch = batch; err != nil {
			f.lose(f.block - 1)
		}
	}
	return true, nil
}

// nextBlock reads the next block that has something of the station.
func (f *feed) nextBlock(to *bus.Batch) (bool, error) {
	f.pass()
	if f.block >= f.station.end {
		if len(f.gaps) > 0 {
			to.Gaps, f.gaps = append(to.Gaps, f.gaps...), nil
		}
		return false, nil
	}
	if f.block > 0 {
		f.number = f.station.upTo[f.block-1]
	}
	body, err := f.bus.cache.body(f.station.heads[f.block])
	f.block++
	if f.isClosed() {
		return false, err
	}
	if err != nil {
		f.lose(f.block - 1)
	}
	f.rest = body
	return true, nil
}

// lose tells that what a block has of the station cannot be read.
func (f *feed) lose(block int) {
	p := &f.station.parts[block]
	f.bus.tellDamage()
	f.bus.unsound.Store(f.station.heads[block], true)
	if p.Messages > 0 {
		f.gaps = append(f.gaps, bus.Gap{Since: time.Unix(0, p.First), Until: time.Unix(0, p.Last), From: p.From, To: p.To, Missed: p.Messages, Why: "damaged in the file"})
	}
}

func (f *feed) isClosed() bool {
	select {
	case <-f.closed:
		return true
	default:
		return false
	}
}

func (f *feed) end() { f.once.Do(func() { close(f.closed) }) }

// Close implements bus.Feed.
func (f *feed) Close() error {
	f.end()
	f.bus.mu.Lock()
	defer f.bus.mu.Unlock()
	delete(f.bus.feeds, f)
	return nil
}
