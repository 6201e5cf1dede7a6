package sources

import (
	"context"
	"time"

	"signalbox/bus"
	"signalbox/sources/internal/entities"
	"signalbox/sources/internal/event"
	"signalbox/sources/internal/lists"
	"signalbox/sources/internal/revisit"
	"signalbox/sources/internal/store"
	"signalbox/sources/internal/window"
	"signalbox/sources/state"
)

// Twin is what Domains can do of which there can be two: events of a recording are understood again while others are read.
type Twin interface {
	// Twin understands alike, and has kinds and a memory of its own.
	Twin() Domains
}

// Going is a moment that is being gone to.
type Going struct {
	Number uint64  // of the event after which everything will be shown
	Part   float64 // of the way, from 0 to 1
	Failed string  // why it cannot be gone to; "" where it can
}

// revisits goes to moments of recordings of which the events are held no more. There are no visits where anything else than
// recordings is attached.
type revisits struct {
	engine  *Engine
	visits  *revisit.Visits // nil where there are none
	off     bool            // there will be none any more
	again   bool            // checkpoints are made as events are read again, no more as they come
	domains Domains         // of stretches: one after the other
	steps   revisit.Steps
	room    int64        // bytes that a stretch may take
	asked   uint64       // an event that somebody waits for; 0: none
	store   *store.Store // that of lists
	lists   *lists.Lists // what is shown of the stretch; nil while none is
	rows    struct {     // of a view that shows events of another moment than all else
		of   *View
		view View
	}
}

// How much of what is held goes into visits: one part in so many for what leads to moments, and for a stretch.
const (
	pointsInHeld  = 6
	stretchInHeld = 3
)

// attach begins with the first bus, where that is a recording, and ends with the first that is none.
func (x *revisits) attach(b bus.Bus) {
	e := x.engine
	if _, ok := bus.As[bus.Rereader](b); !ok || x.twin() == nil && e.options.Domains != nil || e.store.Window.Nothing {
		x.end()
	}
	if x.off || x.visits != nil {
		return
	}
	if e.store.Window.Next() > 1 {
		x.end()
		return
	}
	e.store.RememberTouched()
	held := heldShare(e.options.Memory)
	x.visits = revisit.New(revisit.Options{
		Kept: held / pointsInHeld, Room: x.room, Steps: x.steps, Running: e.running, Work: &e.work,
		Open: x.open, Fresh: x.fresh, Late: x.late, Main: func() *store.Store { return e.store },
	})
}

// end has no moment be gone to any more.
func (x *revisits) end() {
	if x.off = true; x.visits != nil {
		x.visits.End()
	}
	x.visits, x.lists, x.store = nil, nil, nil
}

// forget begins anew: everything is read again from the beginning.
func (x *revisits) forget() {
	if x.visits != nil {
		x.visits.End()
		x.visits, x.lists, x.store, x.again = nil, nil, nil, false
		x.attach(x.engine.attached.buses[0].bus)
	}
}

// refolded has all that was understood be understood anew when it is wanted.
func (x *revisits) refolded() {
	x.domains = nil
	if x.again = true; x.visits != nil {
		x.visits.Forget()
		x.lists, x.store = nil, nil
	}
}

// twin are other domains that understand alike; nil where there are none.
func (x *revisits) twin() Domains {
	if t, ok := x.engine.options.Domains.(Twin); ok {
		return t.Twin()
	}
	return nil
}

// took notes an event that was taken in for the first time.
func (x *revisits) took(s *station, unixNano int64) {
	if x.visits != nil {
		x.visits.Took(s.Index, unixNano)
	}
}

// open says how a station is read again.
func (x *revisits) open(station uint16, after uint64) func(context.Context) (bus.Feed, error) {
	s := x.engine.attached.stations[station]
	from, row, of := s.from, s.row, s.bus.bus
	return func(ctx context.Context) (bus.Feed, error) {
		again, ok := bus.As[bus.Rereader](of)
		if !ok {
			return nil, errMoving
		}
		return again.Reread(ctx, row, from, after)
	}
}

// fresh is the store of a stretch.
func (x *revisits) fresh(after uint64) (st *store.Store, kind func(name string) *state.Kind) {
	e := x.engine
	share := float64(x.room) * entityShare
	if x.domains == nil {
		x.domains = x.twin()
	}
	domains := x.domains
	if homes, ok := domains.(event.Homes); ok {
		homes.EachHome(func(k *state.Kind, _ []string) { k.Since, k.Late = 0, 0 })
	}
	st = store.New(domains, e.store.Head, entities.New(int64(share*(1-nameShare)), int64(share*nameShare)))
	st.State, st.States, st.Tell = e.store.State, e.store.States, func(string) {}
	st.Window = window.New(window.Options{
		Page: e.store.Window.Page, After: after, Evicted: func([]uint32) {}, Grown: func() {},
		Limit: func() int64 { return x.room - st.Entities.Held() },
	})
	e.attached.lookElsewhere(st)
	x.lists, x.store = nil, nil
	if kinds, ok := domains.(store.Kinds); ok {
		return st, kinds.Kind
	}
	return st, func(name string) *state.Kind { return state.NewKind(name) }
}

// late are the stations of which nothing had come yet, and of which messages before the first one were not seen.
func (x *revisits) late(intake []revisit.Intake) map[string]int64 {
	late := map[string]int64{}
	for i, s := range x.engine.attached.stations {
		if s.begunLate && s.feed != nil && (i >= len(intake) || intake[i].Messages == 0) {
			late[s.Name] = max(late[s.Name], s.begunUntil)
		}
	}
	return late
}

// keep makes a checkpoint where one is due.
func (x *revisits) keep() {
	if x.visits != nil && !x.again {
		x.visits.Keep(x.engine.store, x.intake)
	}
}

// intake is what was taken in of each station up to now.
func (x *revisits) intake() []revisit.Intake {
	all := make([]revisit.Intake, len(x.engine.attached.stations))
	for i, s := range x.engine.attached.stations {
		l := &s.ledger
		all[i] = revisit.Intake{Messages: s.seen, Results: [...]uint64{
			window.NotFolded: l.Unfolded, window.Folded: l.Folded, window.Rejected: l.Rejected, window.Failed: l.Failed, window.Undecodable: l.Undecodable,
		}}
	}
	return all
}

// step goes on with what is wanted until a time, and tells whether there is nothing to be done. What is read for the first time
// waits meanwhile.
func (x *revisits) step(until time.Time) (rests bool) {
	if x.visits == nil {
		return true
	}
	rests, fresh := x.visits.Step(until)
	if fresh {
		x.engine.then.shown, x.engine.dirty = nil, true
	}
	x.engine.store.Window.Shrink()
	return rests
}

// isGoing tells whether a moment is being gone to.
func (x *revisits) isGoing() bool {
	if x.visits == nil {
		return false
	}
	_, _, going := x.visits.Going()
	return going
}

func (x *revisits) held() int64 {
	if x.visits == nil {
		return 0
	}
	held := x.visits.Held()
	if x.lists != nil {
		held += x.lists.Held()
	}
	return held
}

// beyond tells whether an event was held and is no more, or few of those before it are, and can be gone to.
func (x *revisits) beyond(number uint64) bool {
	if x.visits == nil || number == 0 {
		return false
	}
	first := x.engine.store.Window.First()
	return first > 1 && number < first+x.steps.Lead && number <= x.visits.Reaches()
}

// goTo has an event that is held no more be read again, for somebody who asks for it, and tells whether it is held now; false as
// long as that is to be asked again.
func (x *revisits) goTo(number uint64) (st *store.Store, err error) {
	if !x.beyond(number) {
		x.asked = 0
		return x.engine.store, nil
	}
	x.asked = number
	x.visits.Want(number)
	if err := x.visits.Failed(); err != nil {
		x.asked = 0
		return nil, err
	}
	if !x.visits.Has(number) {
		return nil, nil
	}
	x.asked = 0
	return x.visits.Store(), nil
}

// resultsAt are the events of each station by what they led to, up to the newest one of the store that holds an event, and its
// window.
func (x *revisits) resultsAt(number uint64) (of []revisit.Intake, w *window.Window, ok bool) {
	if x.beyond(number) && x.visits.Has(number) {
		return x.visits.Intake(), x.visits.Store().Window, true
	}
	return nil, nil, false
}

// arrived hands out what is to be called on the engine's goroutine.
func (x *revisits) arrived() <-chan func() {
	if x.visits == nil {
		return nil
	}
	return x.visits.Arrived()
}

// list goes on with the rows that are shown of what was read again.
func (x *revisits) list(until, later time.Time) (done bool) {
	return x.lists == nil || x.lists.Step(until, later)
}
