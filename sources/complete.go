package sources

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"signalbox/bus"
	"signalbox/sources/internal/store"
	"signalbox/sources/internal/window"
	"signalbox/sources/state"
)

// CompleteProgress is how far the reading is of what completes an entity.
type CompleteProgress struct {
	Station string
	Read    uint64 // messages of it that were looked at
	Of      uint64 // about so many there are; 0 when that is not known
	Found   int    // events of the entity so far, of all stations
}

// Completion is what became of completing an entity.
type Completion struct {
	Found int    // events that came before what is held, or between
	Read  uint64 // messages that were looked at
	Lack  Lack   // that is left
	Why   string // why something is still missing, in one sentence; "" where the entity is whole
}

// Bounds of what is read to complete one entity. What is kept of it may take one part in completeInBudget of the memory.
const (
	mostCompleteRead = 5_000_000
	completeInBudget = 32
	completeAtOnce   = 500 // events that are folded in one step
	addAtOnce        = 512 // messages that are looked at in one step
	completeTries    = 5   // to read on what has left the window meanwhile
)

// Complete completes an entity of which not all events are known: it reads again from the buses what they keep of it from
// before what is held, on the caller's goroutine, and folds that before what is held. From then on versions count from its
// beginning. What is read again counts nowhere as received. Where nothing more is kept, the Completion says why. Progress may
// be nil; it is called on the caller's goroutine.
func (e *Engine) Complete(ctx context.Context, of Entity, progress func(CompleteProgress)) (Completion, error) {
	if progress == nil {
		progress = func(CompleteProgress) {}
	}
	if err := e.CaughtUp(ctx); err != nil {
		return Completion{}, err
	}
	var c *completing
	var known bool
	if err := e.requests.do(ctx, func() { c, known = e.beginComplete(of) }); err != nil {
		return Completion{}, err
	}
	switch {
	case !known:
		return Completion{}, fmt.Errorf("there is no %s to be completed", of)
	case len(c.parts) == 0:
		return c.out, nil
	}
	for range completeTries {
		for _, p := range c.parts {
			if err := c.read(ctx, p, progress); err != nil {
				return Completion{}, fmt.Errorf("completing %s: %w", of, err)
			}
		}
		again, err := c.fold(ctx)
		if err != nil {
			return Completion{}, fmt.Errorf("completing %s: %w", of, err)
		}
		if !again {
			return c.out, nil
		}
	}
	return Completion{}, fmt.Errorf("completing %s: events leave the window faster than they can be read again; more --memory holds them longer", of)
}

// completing is an entity that is being completed.
type completing struct {
	engine *Engine
	of     Entity
	parts  []*completePart
	x      *store.Completing
	out    Completion
	why    []string
	since  int64 // what was missed before is what is to be made good
	began  bool
}

// completePart is a station whose past is read for an entity.
type completePart struct {
	bus     bus.Bus
	row     bus.Station
	station *station
	subject string       // on which all events of the entity come, as its bus writes it; "" where that is not known
	from    bus.Position // read so far; zero: nothing was
	until   bus.Position // what is held begins here,
	with    bool         // or behind it
	number  uint64       // while this event is held, what is held begins there
	read    uint64
}

// beginComplete finds out what is to be read; false where the entity is not known.
func (e *Engine) beginComplete(of Entity) (*completing, bool) {
	c := &completing{engine: e, of: of}
	slot, ok := e.store.Entities.ByName(of)
	if !ok {
		return nil, false
	}
	r := e.store.Entities.At(slot)
	k := e.store.Entities.Kind(r)
	if c.out.Lack = r.Lack(); c.out.Lack == Whole && !e.store.MayMiss(slot) {
		return c, true
	}
	c.x = e.store.Complete(slot, e.options.Memory/completeInBudget)
	c.since = k.Since
	if k.Elsewhere {
		c.why = append(c.why, "its domain has events at other stations, too, which are not read here")
	}
	seen := e.store.StationsOf(slot)
	for _, s := range e.attached.stations {
		if !seen[s.Index] && !e.store.IsHome(s.Name, k) {
			continue
		}
		if !s.detached.IsZero() || !s.row.Replayable || s.row.Keyed && s.row.Bucket == "" {
			c.why = append(c.why, notKept(s))
			c.since = max(c.since, s.Since)
			continue
		}
		if p := e.partOf(c, s, k); p != nil {
			c.parts = append(c.parts, p)
			c.since = max(c.since, s.Since)
		}
	}
	if len(c.parts) == 0 {
		if len(c.why) == 0 {
			c.why = append(c.why, "nothing of it is kept before what is held")
		}
		c.out.Why = strings.Join(c.why, "; ")
	}
	return c, true
}

// notKept says that a station keeps nothing that was not heard.
func notKept(s *station) string {
	if !s.detached.IsZero() {
		return s.Name + " is detached: what came before cannot be read again until it is attached"
	}
	if s.row.Keyed {
		return s.Name + " keeps only the newest value of each key: what was before cannot be read again"
	}
	return fmt.Sprintf("%s (%s) keeps no history: what came before you attached cannot be read again", s.Name, s.row.Kind.Words())
}

// partOf is what of a station is to be read for an entity; nil where there is nothing.
func (e *Engine) partOf(c *completing, s *station, k *state.Kind) *completePart {
	p := &completePart{bus: s.bus.bus, row: s.row, station: s}
	if !p.bounds(e.store) {
		return nil
	}
	if _, can := bus.As[bus.SubjectReader](p.bus); can {
		p.subject = e.store.SubjectOf(s.Index, k, c.of.ID, s.row.Separators)
	}
	return p
}

// bounds finds out where what is held of the station begins; false where nothing came before.
func (p *completePart) bounds(st *store.Store) bool {
	s := p.station
	if number, ok := st.Window.Oldest(s.Index); ok {
		var ev Event
		st.Read(number, st.Window.Get(number), &ev)
		p.until, p.with, p.number = ev.Position, false, number
	} else {
		p.until, p.with, p.number = s.newest, true, st.Window.Next()
	}
	return !p.until.IsZero()
}

// before tells whether a message came before what is held.
func (p *completePart) before(at bus.Position) bool {
	return at.Partition != p.until.Partition || at.Less(p.until) || p.with && at == p.until
}

// fold folds what was read and what is held, and makes that what is known of the entity. It tells whether more is to be read
// first: what was held has left meanwhile.
func (c *completing) fold(ctx context.Context) (again bool, err error) {
	e := c.engine
	doErr := e.requests.inSteps(ctx, func() bool {
		if e.refold != nil {
			err = errors.New("a domain file has changed, and what is held is being folded anew: open it again after that")
			return true
		}
		if c.x.Gone() {
			err = errors.New("it has left meanwhile, for want of memory")
			return true
		}
		for _, p := range c.parts {
			if e.store.Window.First() > p.number && p.bounds(e.store) {
				again = true
			}
		}
		if again {
			c.began = false
			return true
		}
		if !c.began {
			c.began = true
			c.x.Begin(c.whole(), e.store.HeldFrom)
		}
		done, failed := c.x.Step(completeAtOnce)
		if err = failed; done && err == nil {
			c.commit()
		}
		return done || err != nil
	})
	return again, errors.Join(doErr, err)
}

// whole tells whether nothing can be missing before what was read.
func (c *completing) whole() bool {
	whole := len(c.why) == 0
	for _, p := range c.parts {
		if why := "the beginning of " + p.station.Name + ", or a part of it, is no longer kept there"; p.row.Removed {
			if whole = false; !slices.Contains(c.why, why) {
				c.why = append(c.why, why)
			}
		}
	}
	return whole
}

// commit makes what was folded what is known, on the engine's goroutine.
func (c *completing) commit() {
	e := c.engine
	c.x.Commit(c.since, func(place *store.Place, unixNano int64, was, is window.Result) {
		s := e.attached.stations[place.Index]
		s.ledger.turn(was, is)
		e.then.turn(s, unixNano, was, is)
	})
	for _, p := range c.parts {
		p.station.ledger.ReadAgain += p.read
		c.out.Read += p.read
	}
	c.out.Found, c.out.Lack = c.x.Found, Whole
	if !c.x.Whole() {
		if c.x.Joins() {
			c.why = append(c.why, "events without an id belonged to the one before them, and that cannot be told of old ones")
		}
		c.out.Why = strings.Join(c.why, "; ")
		c.out.Lack = e.lackOf(c.of)
	}
	if slot, ok := e.store.Entities.ByName(c.of); ok {
		e.watch.AskAgain(slot)
		e.cohorts.Touch(slot)
	}
	e.lists.Renew()
	e.flow.Stale, e.chart.Stale = true, true
	e.waiters.askAgain(c.of)
	e.dirty = true
}

func (e *Engine) lackOf(of Entity) Lack {
	if slot, ok := e.store.Entities.ByName(of); ok {
		return e.store.Entities.At(slot).Lack()
	}
	return Whole
}

// IsEarlier tells whether a number is that of an event which came before what is held, and was read again to complete its entity:
// it stands in no list of events.
func IsEarlier(number uint64) bool { return store.IsEarlier(number) }
