package revisit

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"signalbox/bus"
	"signalbox/sources/internal/entities"
	"signalbox/sources/internal/event"
	"signalbox/sources/internal/store"
	"signalbox/sources/internal/window"
	"signalbox/sources/state"
)

// stretch is events that are read again, from behind a checkpoint on, with all entities as they were.
type stretch struct {
	Store   *store.Store
	visits  *Visits
	from    *Checkpoint
	upTo    uint64 // the event that it is read up to, and a little further
	ctx     context.Context
	cancel  context.CancelFunc
	kept    *entities.Kept     // nil once all entities are as they were
	plain   [][]byte           // entities to be restored, the newest first
	names   [][]byte           // likewise names
	left    int                // checkpoints of which nothing has come yet, and is needed
	enough  context.CancelFunc // ends unpacking them
	loading int64              // bytes of what has come
	learned *store.Learned
	along   *along
	readers map[uint16]*reader
	intake  []Intake
	late    bool  // there are stations of which nothing has come, and messages before the first were not seen
	latest  int64 // time of its events
	reading
}

func (v *Visits) newStretch(from *Checkpoint, way []*Checkpoint) *stretch {
	s := &stretch{visits: v, from: from, latest: from.Time, readers: map[uint16]*reader{}, intake: slices.Clone(from.Stations)}
	s.ctx, s.cancel = context.WithCancel(v.Running)
	var kind func(string) *state.Kind
	s.Store, kind = v.Fresh(from.Number)
	s.learned = s.Store.Learn(v.Main())
	s.kept = s.Store.Entities.Follow(v.Main().Entities, kind)
	for i, k := range from.Kinds {
		s.kept.Count(i, k.Rejected, k.Since)
	}
	s.along = v.order.from(from.Number + 1)
	s.event.Past = s.Store.Past()
	s.left = len(way)
	unpacking, enough := context.WithCancel(s.ctx)
	s.enough = enough
	v.Work.Go("what unpacks checkpoints", func() {
		var names [][]byte
		for _, p := range way {
			names = append(names, v.packer.unpack(p.names.bytes, p.names.size))
		}
		for _, p := range way {
			if unpacking.Err() != nil {
				return
			}
			plain := v.packer.unpack(p.entities.bytes, p.entities.size)
			if !v.send(unpacking, func() { s.come(plain, names) }) {
				return
			}
		}
	})
	return s
}

// come takes what a checkpoint has, and the names of all.
func (s *stretch) come(plain []byte, names [][]byte) {
	if s.left > 0 {
		s.plain, s.names, s.left = append(s.plain, plain), names, s.left-1
		s.loading += int64(len(plain))
	}
}

// end closes what is read.
func (s *stretch) end() {
	s.cancel()
	for _, r := range s.readers {
		r.release()
	}
	s.Store.Window.Clear()
}

// first is the number of the first event that it has, or will have.
func (s *stretch) first() uint64 { return s.Store.Window.First() }

// restoring tells whether its entities are not what they were yet.
func (s *stretch) restoring() bool { return s.kept != nil }

// restore puts entities into the table, until a time or until it waits for more. Those that were touched last come first: once they
// are as many as there were, the others are older states of them.
func (s *stretch) restore(until time.Time) {
	t := s.Store.Entities
	for len(s.plain) > 0 {
		for n := 1; len(s.plain[0]) > 0 && t.Count() < s.from.count; n++ {
			if n%64 == 0 && time.Now().After(until) {
				return
			}
			rest, ok := s.kept.Read(s.plain[0])
			if s.plain[0] = rest; !ok { // there is no room for more
				s.plain, s.left = [][]byte{nil}, 0
			}
		}
		if s.plain = s.plain[1:]; t.Count() == s.from.count {
			s.plain, s.left = nil, 0
		}
	}
	if s.left > 0 {
		return
	}
	s.enough()
	for _, names := range slices.Backward(s.names) {
		s.kept.ReadNames(names)
	}
	s.plain, s.names, s.kept, s.loading = nil, nil, nil, 0
	t.Event(s.from.Number)
	t.Remember()
	s.Store.RememberTouched()
	s.lookLate()
}

// lookLate says of which stations the beginning will be told by their first message.
func (s *stretch) lookLate() {
	late := s.visits.Late(s.intake)
	s.late = len(late) > 0
	s.Store.Late(late)
}

// Step goes on with what is wanted until a time. It tells whether there is nothing to be done but to wait, and whether there is
// something new.
func (v *Visits) Step(until time.Time) (rests, fresh bool) {
	s := v.stretch
	if s == nil || v.failed != nil {
		return true, false
	}
	had := v.Has(v.want)
	if s.restoring() {
		if s.restore(until); s.restoring() {
			return len(s.plain) == 0, false
		}
	}
	rests = s.read(until)
	return rests, !had && v.Has(v.want)
}

// read takes in events, until a time.
func (s *stretch) read(until time.Time) (rests bool) {
	for n := 1; s.Store.Window.Next() <= s.upTo; n++ {
		station, ok := s.along.peek()
		if !ok {
			return true
		}
		r := s.reader(station)
		if !r.ready() {
			return true
		}
		s.take(r, station)
		s.visits.keep(s.Store, s.latest, s.taken)
		if n%32 == 0 && time.Now().After(until) {
			return false
		}
	}
	return true
}

// taken is what was taken in of the stations.
func (s *stretch) taken() []Intake { return slices.Clone(s.intake) }

// take takes in the next event.
func (s *stretch) take(r *reader, station uint16) {
	number := s.along.number
	s.along.skip(1)
	s.learned.UpTo(number)
	m, ev, place := &s.message, &s.event, s.Store.Places[station]
	at := r.at
	r.at = r.batches[0].Read(at, m)
	ev.Number, ev.UnixNano, ev.Position, ev.Size = number, m.UnixNano, m.Position, m.Size
	ev.Bus, ev.Station, ev.Source, ev.Traits = place.Bus, place.Name, place.Kind, place.Traits
	ev.Subject, ev.Headers, ev.Data = m.Subject, m.Headers, m.Data
	ev.Understood, ev.Outcome = event.Understood{}, event.Outcome{}
	result := s.Store.Take(ev, r.from, place, at)
	for len(s.intake) <= int(station) {
		s.intake = append(s.intake, Intake{})
	}
	x := &s.intake[station]
	x.Results[result]++
	if x.Messages++; x.Messages == 1 && s.late {
		s.lookLate()
	}
	s.latest = max(s.latest, m.UnixNano)
	if r.at == r.batches[0].End() {
		r.over(s.Store.Window)
	}
}

// reader reads one station again.
type reader struct {
	stretch *stretch
	slots   chan struct{}
	batches []*bus.Batch
	window  *window.Window
	from    *window.Source // batches[0], once it was begun
	at      int            // place of the next message in it
	ended   bool
}

// batchesAhead is how many batches of a station may wait.
const batchesAhead = 3

// reader is that of a station, which begins to be read when its first event is wanted.
func (s *stretch) reader(station uint16) *reader {
	r := s.readers[station]
	if r != nil {
		return r
	}
	r = &reader{stretch: s, slots: make(chan struct{}, batchesAhead), window: s.Store.Window}
	s.readers[station] = r
	after := uint64(0)
	if int(station) < len(s.intake) {
		after = s.intake[station].Messages
	}
	open := s.visits.Open(station, after)
	s.visits.Work.Go("what reads a station again", func() { r.run(open) })
	return r
}

// run hands over batches until there are no more.
func (r *reader) run(open func(context.Context) (bus.Feed, error)) {
	s := r.stretch
	feed, err := open(s.ctx)
	if err != nil {
		s.visits.send(s.ctx, func() { r.end(err) })
		return
	}
	defer feed.Close() // reading is over: there is nobody to tell
	for {
		select {
		case r.slots <- struct{}{}:
		case <-s.ctx.Done():
			return
		}
		batch, err := feed.Next(s.ctx)
		if err != nil {
			s.visits.send(s.ctx, func() { r.end(err) })
			return
		}
		if !s.visits.send(s.ctx, func() { r.arrive(batch) }) {
			batch.Release()
			return
		}
	}
}

// arrive takes a batch.
func (r *reader) arrive(batch *bus.Batch) {
	if r.stretch.ctx.Err() != nil || batch.Len() == 0 {
		r.ended = r.ended || batch.Ended
		batch.Release()
		<-r.slots
		return
	}
	r.ended = r.ended || batch.Ended
	r.batches = append(r.batches, batch)
}

// end notes that nothing more comes.
func (r *reader) end(err error) {
	r.ended = true
	if v := r.stretch.visits; v.stretch == r.stretch && !errors.Is(err, io.EOF) && !errors.Is(err, context.Canceled) {
		v.failed = err
	}
}

// ready tells whether there is a message to be taken in.
func (r *reader) ready() bool {
	if len(r.batches) == 0 {
		if v := r.stretch.visits; r.ended && v.failed == nil {
			v.failed = errChanged
		}
		return false
	}
	if r.from == nil {
		r.from, r.at = r.window.Begin(r.batches[0]), 0
	}
	return true
}

// errChanged is why a stretch ends before its time.
var errChanged = errors.New("the recording has fewer messages than it had when it was read first")

// over ends the batch at hand.
func (r *reader) over(w *window.Window) {
	w.End(r.from)
	r.batches, r.from = r.batches[1:], nil
	<-r.slots
}

// release gives back what was not taken in.
func (r *reader) release() {
	for i, batch := range r.batches {
		if i == 0 && r.from != nil {
			continue // it is the window's
		}
		batch.Release()
	}
	r.batches = nil
}
