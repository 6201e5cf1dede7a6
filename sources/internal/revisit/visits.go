package revisit

import (
	"context"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/sources/internal/event"
	"signalbox/sources/internal/store"
	"signalbox/sources/state"
)

// Options are what Visits need to know.
type Options struct {
	Kept    int64 // bytes that the order of events and checkpoints may take together
	Room    int64 // bytes that a stretch may take
	Steps   Steps
	Running context.Context
	Work    *goroutine.Group

	// Open says how a station is read again, by its index, without the first messages that were delivered of it. What it returns is
	// called on another goroutine.
	Open func(station uint16, after uint64) func(ctx context.Context) (bus.Feed, error)

	// Main is the store into which the recording is read for the first time.
	Main func() *store.Store

	// Fresh makes the store of a stretch, in which nothing is, and whose events are numbered from behind one on. The second result
	// finds its kinds by their names.
	Fresh func(after uint64) (st *store.Store, kind func(name string) *state.Kind)

	// Late are stations of which nothing had come yet at a time, and of which messages before the first one were not seen.
	Late func(intake []Intake) map[string]int64
}

// Visits is what it takes to go to any moment that was read, and the stretch around the one that was asked for last.
type Visits struct {
	Options
	arrived  chan func()
	packer   *packer
	order    Order
	points   checkpoints
	packing  bool // a checkpoint is being compressed
	raw      int64
	greatest int64 // time of the events so far
	stretch  *stretch
	want     uint64
	failed   error
	cancel   context.CancelFunc
}

// Steps are how many events lie where.
type Steps struct {
	Apart  uint64 // between two checkpoints at least
	Lead   uint64 // are read before the one that is wanted, so that those before it are at hand
	Margin uint64 // are read after it for those who want to know what followed
}

// Usual are the Steps that are taken but by tests.
var Usual = Steps{Apart: 1 << 16, Lead: 2000, Margin: 20_000}

// arrivals is how much may wait for the engine.
const arrivals = 8

// orderShare is the part of what is kept that the order of events may take.
const orderShare = 4

// New makes Visits of a recording of which nothing has been read.
func New(o Options) *Visits {
	p := newPacker()
	running, cancel := context.WithCancel(o.Running)
	o.Running = running
	return &Visits{
		Options: o, cancel: cancel, arrived: make(chan func(), arrivals), packer: p,
		order: Order{limit: o.Kept / orderShare, packer: p}, points: checkpoints{limit: o.Kept - o.Kept/orderShare, least: o.Steps.Apart},
	}
}

// Arrived hands out what is to be called on the engine's goroutine.
func (v *Visits) Arrived() <-chan func() { return v.arrived }

// Took notes the station of the next event that is read for the first time, and its time.
func (v *Visits) Took(station uint16, unixNano int64) {
	v.order.add(station)
	v.greatest = max(v.greatest, unixNano)
}

// Keep makes a checkpoint of a store, where one is due. Intake is what was taken in of its stations.
func (v *Visits) Keep(st *store.Store, intake func() []Intake) { v.keep(st, v.greatest, intake) }

func (v *Visits) keep(st *store.Store, unixNano int64, intake func() []Intake) {
	number := st.Window.Next() - 1
	if v.packing || !v.points.due(number) || number > v.order.end {
		return
	}
	p := &Checkpoint{Number: number, Time: unixNano, Stations: intake()}
	st.Entities.EachKind(func(rejected uint64, since int64) { p.Kinds = append(p.Kinds, Kind{rejected, since}) })
	since := v.points.since()
	plain, touched := st.Entities.AppendTouched(nil, since)
	names := st.Entities.AppendNames(nil, since)
	p.count, p.touched, v.packing, v.raw = st.Entities.Count(), touched, true, int64(cap(plain)+cap(names))
	v.Work.Go("what compresses a checkpoint", func() {
		p.entities, p.names = packed{v.packer.pack(plain), len(plain)}, packed{v.packer.pack(names), len(names)}
		v.send(v.Running, func() {
			v.packing, v.raw = false, 0
			v.points.add(p)
		})
	})
}

// send hands something to the engine's goroutine, unless ctx ends before.
func (v *Visits) send(ctx context.Context, what func()) bool {
	select {
	case v.arrived <- what:
		return true
	case <-ctx.Done():
		return false
	}
}

// Held is the memory that is taken, without the stretch's window.
func (v *Visits) Held() int64 {
	held := v.order.held() + v.points.bytes + v.raw
	if s := v.stretch; s != nil {
		held += s.Store.Window.Memory() + s.Store.Entities.Held() + s.Store.HeldTouched() + s.loading
	}
	return held
}

// Reaches is the number of the latest event that can be gone to.
func (v *Visits) Reaches() uint64 { return v.order.end }

// Want asks for the stretch up to an event; the one that is asked for last counts.
func (v *Visits) Want(number uint64) {
	if number = min(number, v.order.end); v.want == number && v.stretch != nil {
		return
	}
	if s := v.stretch; s == nil || v.failed != nil || !v.serves(s, number) {
		v.begin(number)
	} else {
		v.want, s.upTo = number, max(number, min(s.upTo, s.Store.Window.Next()-1))
	}
}

// serves tells whether a stretch has an event, or comes to it soonest by reading on.
func (v *Visits) serves(s *stretch, number uint64) bool {
	first := s.first()
	if number < first || first > 1 && number-first+1 < v.Steps.Lead {
		return false
	}
	place := v.points.before(number - min(number, v.Steps.Lead))
	return number < s.Store.Window.Next() || place == 0 || v.points.all[place-1].Number <= s.Store.Window.Next()
}

// ReadOn has the stretch be read on for some events behind one that it has, and tells whether that is done.
func (v *Visits) ReadOn(number uint64) (done bool) {
	s := v.stretch
	if s == nil || v.failed != nil || !v.Has(number) {
		return true
	}
	s.upTo = max(s.upTo, min(number+v.Steps.Margin, v.order.end))
	return s.Store.Window.Next() > s.upTo
}

// begin begins a stretch at the checkpoint before an event.
func (v *Visits) begin(number uint64) {
	v.Leave()
	v.failed = nil
	place := v.points.before(number - min(number, v.Steps.Lead))
	from := &Checkpoint{}
	if place > 0 {
		from = v.points.all[place-1]
	}
	v.want = number
	v.stretch = v.newStretch(from, v.points.way(place))
	v.stretch.upTo = number
}

// End ends all that goes on.
func (v *Visits) End() {
	v.Leave()
	v.cancel()
}

// Leave lets the stretch go.
func (v *Visits) Leave() {
	if v.stretch != nil {
		v.stretch.end()
	}
	v.stretch, v.want = nil, 0
}

// Forget lets all checkpoints go: what folds events is another now, and they are made anew as their events are read again. The
// checkpoints of which stations were read stay as they are.
func (v *Visits) Forget() {
	v.Leave()
	v.points.all, v.points.bytes, v.points.apart = nil, 0, 0
}

// Has tells whether the stretch holds an event, and everything as it was after it.
func (v *Visits) Has(number uint64) bool {
	s := v.stretch
	return s != nil && !s.restoring() && s.Store.Window.Has(number)
}

// Store is that of the stretch; nil for none.
func (v *Visits) Store() *store.Store {
	if v.stretch == nil {
		return nil
	}
	return v.stretch.Store
}

// Intake is what was taken in of the stations up to the newest event of the stretch.
func (v *Visits) Intake() []Intake { return v.stretch.intake }

// Going tells what is being gone to, and how much of the way is gone, from 0 to 1.
func (v *Visits) Going() (number uint64, part float64, going bool) {
	s := v.stretch
	if s == nil || v.failed != nil || v.Has(v.want) {
		return 0, 0, false
	}
	way := max(v.want-s.from.Number, 1)
	return v.want, min(float64(s.Store.Window.Next()-1-s.from.Number)/float64(way), 1), true
}

// Failed is why the stretch could not be read to the event that was wanted; nil where it could.
func (v *Visits) Failed() error { return v.failed }

// Until is the number of the first event after which a time was surely passed, as far as checkpoints tell.
func (v *Visits) Until(unixNano int64) uint64 { return v.points.atTime(unixNano) }

// reading is what is used again for each event.
type reading struct {
	message bus.Message
	event   event.Event
}
