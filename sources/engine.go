package sources

import (
	"cmp"
	"context"
	"errors"
	"sync/atomic"
	"time"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/sources/internal/inquiry"
	"signalbox/sources/internal/lists"
	"signalbox/sources/internal/rate"
	"signalbox/sources/internal/revisit"
	"signalbox/sources/internal/store"
	"signalbox/sources/internal/window"
	"signalbox/sources/subjects"
)

// Options are what an Engine needs to know.
type Options struct {
	Memory  int64            // bytes held at most, indexes included; 0 is DefaultMemory
	Events  int64            // bytes of it that events may take; 0 is what is left by all else, and HoldNone is none
	Feeds   *bus.Budget      // that the buses' feeds draw on, see FeedBudget; nil: what waits is asked of each feed
	State   int64            // bytes that the state of one entity may take; 0 is a part of Memory
	Domains Domains          // nil understands nothing: events have neither type nor entity
	Now     func() time.Time // nil is time.Now
	Tap     func(*Event)     // called on the engine's goroutine with each event once it is folded; must not keep it
	Flow    string           // the kind of entities whose flow is mined from the first event on; see Engine.Flow
	States  bool             // the Tap asks for the states of entities, also where no event is held
	Full    func() bool      // asked there before each event: the Tap takes no more for now; nil: it always does
	Room    <-chan struct{}  // has a value when it may take more again
	Rest    func()           // called there when what has come is taken in, or the Tap is full, before it waits
	Holds   func(int64)      // called on the engine's goroutine, often under a flood, with the bytes that are held and wait
	Poll    time.Duration    // between looks at stations and consumers; 0 is 2 s
	Frame   time.Duration    // least time between snapshots that nobody asked for; 0 is 33 ms
}

// HoldNone has an engine hold no event: each leaves as soon as it was tapped. Entities and their states are held.
const HoldNone = -1

// ErrStopped is returned by calls that come when Run has ended.
var ErrStopped = errors.New("the engine has stopped")

// Engine takes in messages from buses, folds them and keeps what the panes show. Its methods may be called from any
// goroutine; those with a context wait for Run, which must be running.
type Engine struct {
	options Options

	// Between goroutines.
	view     atomic.Pointer[View]
	snapshot atomic.Pointer[Snapshot]
	last     atomic.Uint64
	looked   chan struct{} // capacity 1: there is a newer view
	changed  chan struct{} // capacity 1: there is a newer snapshot
	requests requests
	intake   chan delivery
	running  context.Context // ends all goroutines of Run
	work     goroutine.Group

	// All below belongs to the goroutine of Run.
	store *store.Store
	rates rate.Counter
	taken uint64 // messages taken in in the last whole second, those of the past included

	attached attachments
	notices  notices
	feeds    feeds
	waiters  waiters
	watch    inquiry.Watch
	needed   needed
	flow     inquiry.Flow
	chart    inquiry.Chart
	cohorts  inquiry.Cohorts
	refold   *refolding // that goes on; nil for none

	then         then // how things were
	revisits     revisits
	lists        *lists.Lists
	progressRows progressRows
	moving       bool // stations are being opened again
	toldUnsure   bool // that it cannot be told whether an invariant holds
	working      bool // a search or a job is not done
	crowded      bool // it was said that there are more stations or consumers than are sampled
	dirty        bool // a snapshot would show something new
	shots        uint64
	anew         uint64    // how often all was folded or read anew
	shown        time.Time // when the newest snapshot was made
	frame        *time.Timer
	second       *time.Timer
	ticking      bool

	// Used again for each event.
	message bus.Message
	event   Event
}

// NewEngine makes an engine; Run starts it.
func NewEngine(o Options) *Engine {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Poll <= 0 {
		o.Poll = 2 * time.Second
	}
	if o.Frame <= 0 {
		o.Frame = 33 * time.Millisecond
	}
	o.Memory = budgetOf(o.Memory)
	held := heldShare(o.Memory)
	share := float64(held) * entityShare
	e := &Engine{
		options: o,
		looked:  make(chan struct{}, 1), changed: make(chan struct{}, 1), requests: requests{calls: make(chan func()), stopped: make(chan struct{})},
		intake: make(chan delivery, deliveriesAhead),
	}
	e.store = store.New(o.Domains, headSize(o.Memory), e.newTable())
	e.attached = attachments{store: e.store, now: e.now, news: e.news, byKey: map[string]*station{}, space: subjects.Space{Limit: int64(share * subjectShare)}}
	e.store.Window = window.New(window.Options{
		Page: pageSize(o.Memory), Limit: e.limit, Evicted: e.attached.evicted, Grown: e.holds,
		Nothing: o.Events == HoldNone,
	})
	e.notices = notices{now: e.now, news: e.news}
	e.event.Past = e.store.Past()
	e.store.States = o.States
	e.waiters = waiters{store: e.store, entities: waits{}, event: Event{Past: e.store.Past()}}
	e.feeds = feeds{
		full:   o.Full,
		budget: o.Feeds, window: e.store.Window, take: e.take, stallLimit: stallLimit, news: e.news,
		failed: func(s *station, err error) {
			e.notices.add(bus.Fail, s.Bus, s.Name, "reading ended: "+err.Error())
		},
		gap:     e.attached.gap,
		dropped: func(s *station) { e.store.Unseen(&s.Place, e.now().UnixNano()) },
	}
	e.watch.Begin(e.store, e.news)
	if o.Events != HoldNone {
		e.store.Entities.Remember()
	}
	e.useLists()
	e.then = newThen(held, e.store, &e.attached, e.now)
	e.revisits = revisits{engine: e, steps: revisit.Usual, room: held / stretchInHeld}
	e.then.revisits = &e.revisits
	if o.Events != HoldNone { // nobody would look at the events that violate them
		e.watch.Always.Set(InvariantsOf(o.Domains), 1)
	}
	e.flow, e.chart, e.cohorts = inquiry.NewFlow(e.store, e.now), inquiry.NewChart(e.store), inquiry.NewCohorts(e.store, e.now)
	e.flow.Look(o.Flow, 0)
	e.tellBounds()
	e.store.Earlier = o.Memory / completeInBudget * 2
	e.store.State = cmp.Or(o.State, stateSize(o.Memory))
	e.view.Store(&View{})
	e.snapshot.Store(&Snapshot{Rates: rate.Silence})
	return e
}

// deliveriesAhead is how many batches may wait for the engine to look, of all feeds.
const deliveriesAhead = 16

// Look says what is looked at from now on. The newest wins; it never blocks. The snapshot that answers it comes at once.
func (e *Engine) Look(v View) {
	e.view.Store(&v)
	select {
	case e.looked <- struct{}{}:
	default:
	}
}

// Snapshot is the newest snapshot, never nil.
func (e *Engine) Snapshot() *Snapshot { return e.snapshot.Load() }

// Changed has a value when there is a newer snapshot than when it last had one.
func (e *Engine) Changed() <-chan struct{} { return e.changed }

// Last is the number of the newest event.
func (e *Engine) Last() uint64 { return e.last.Load() }

func (e *Engine) now() time.Time { return e.options.Now() }

// useLists lists what the store holds.
func (e *Engine) useLists() { e.lists = lists.New(e.store, e.attached.place) }

// held is what is held beside the window.
func (e *Engine) held() int64 {
	return e.store.Entities.Held() + e.attached.space.Held + e.lists.Held() + e.then.held() + e.flow.Held() + e.chart.Held() + e.cohorts.Held() + e.refold.held() + e.store.HeldEarlier() + e.store.HeldTouched() + e.revisits.held()
}

// news notes that a snapshot would show something new.
func (e *Engine) news() { e.dirty = true }
