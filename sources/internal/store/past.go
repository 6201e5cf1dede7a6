package store

import (
	"slices"

	"signalbox/sources/internal/event"
	"signalbox/sources/internal/window"
	"signalbox/sources/state"
)

// Past tells the states of entities before and after events. It is quick for events that are asked about from the newest
// on backwards, as a search does: how far each entity was gone back is remembered, for as many as mostStands.
type Past struct {
	store   *Store
	serial  uint64 // of what is held: see Store.amended
	states  event.States
	number  uint64 // the event that was asked about last
	open    bool   // it was not kept yet
	none    bool   // it has no entity
	state   state.State
	journal []state.Change
	after   []state.Value
	way     []window.Held         // back to the event
	changed func() []state.Change // tells of its changes; made once
	stands  map[uint32]*stand     // by slot
	bytes   int64                 // that their states take
}

// mostStands and mostStandBytes bound the entities of which is remembered how far they were gone back, and their states.
const (
	mostStands     = 4096
	mostStandBytes = 8 << 20
)

// Past makes one.
func (st *Store) Past() *Past {
	p := &Past{store: st, stands: map[uint32]*stand{}}
	p.changed = func() []state.Change {
		switch st := p.store; {
		case p.open:
			return st.state.Changes()
		case p.number == st.last.number:
			return p.read(st.last.folded, st.undo)
		default:
			held, _ := st.Held(p.number)
			return p.read(held.Folded(), held.Changes())
		}
	}
	return p
}

// read are the changes of an event, where it was folded.
func (p *Past) read(folded bool, encoded []byte) []state.Change {
	p.journal = p.journal[:0]
	if folded {
		p.journal = state.AppendRead(p.journal, encoded)
	}
	return p.journal
}

// States implements event.Past.
func (p *Past) States(e *event.Event) *event.States {
	last := &p.store.last
	if p.serial != p.store.amended {
		p.serial, p.number, p.bytes = p.store.amended, 0, 0
		clear(p.stands)
	}
	if p.number != e.Number || e.Number == 0 || p.open != (last.open && e.Number == last.number) {
		p.number, p.none, p.open = e.Number, false, last.open && e.Number == last.number
		switch {
		case e.Kind == nil || e.Number == 0:
			p.none = true
		case e.Number == last.number:
			p.ofLast()
		default:
			p.ofHeld(e)
		}
	}
	if p.none {
		return nil
	}
	return &p.states
}

// ofLast finds the states of the event that was taken in last, or is just taken in.
func (p *Past) ofLast() {
	st, last, s := p.store, &p.store.last, &p.states
	if p.none = !last.known; p.none {
		return
	}
	switch {
	case p.open && last.folded:
		s.Begin(st.state.Values(), p.changed)
	default:
		st.Entities.Load(last.slot, &p.state)
		s.Begin(p.state.Values(), p.changed)
		st.Entities.Unload(last.slot, &p.state)
		s.NoAfter = st.Entities.At(last.slot).Gone()
	}
	s.NoBefore = s.NoAfter || last.cut
}

// ofHeld finds the states of an event that is held.
func (p *Past) ofHeld(e *event.Event) {
	st, s := p.store, &p.states
	s.Begin(nil, nil)
	s.NoAfter, s.NoBefore = true, true
	slot, ok := st.Entities.Find(e.Kind, e.ID)
	held, here := st.Held(e.Number)
	if !ok || !here || st.Entities.At(slot).Born > e.Number {
		return
	}
	values, ok := p.near(slot, e.Number)
	if !ok {
		at := p.back(slot, e.Number)
		if at == nil || !at.known {
			return
		}
		values = at.values
	}
	s.Begin(values, p.changed)
	s.NoBefore = held.Folded() && held.Cut()
}

// near is the state after one of the newest events of an entity; ok is false when it is none of them, or takes more to find.
// It allocates nothing, and is as good as the states that it is asked for.
func (p *Past) near(slot uint32, number uint64) (values []state.Value, ok bool) {
	st := p.store
	r := st.Entities.At(slot)
	if at := p.stands[slot]; at != nil && at.born == r.Born && !st.later(number, at.number) || r.Gone() {
		return nil, false
	}
	p.way = p.way[:0]
	for c := st.Chain(slot); ; c.Back() {
		n, held, ok := c.Here()
		if n == number && ok {
			break
		}
		if !ok || len(p.way) == mostStepsTwice || st.later(number, n) {
			return nil, false
		}
		p.way = append(p.way, held)
	}
	st.Entities.Load(slot, &p.state)
	p.after = append(p.after[:0], p.state.Values()...)
	st.Entities.Unload(slot, &p.state)
	for _, held := range p.way {
		if !held.Folded() {
			continue
		}
		p.journal = state.AppendRead(p.journal[:0], held.Changes())
		if held.Cut() || slices.ContainsFunc(p.journal, func(c state.Change) bool { return len(c.Path) > 0 }) {
			return nil, false
		}
		p.after = event.Before(p.after, p.journal)
	}
	return p.after, true
}

// Back goes back from where an entity is, or was gone back to, to one of its events; nil when there is no way.
func (p *Past) back(slot uint32, number uint64) *stand {
	st := p.store
	r := st.Entities.At(slot)
	at := p.stands[slot]
	known := at != nil && at.born == r.Born
	if !known || st.later(number, at.number) {
		fresh := st.standNear(slot, number)
		if steps := fresh.to(number, &p.journal); !known || steps > mostStepsTwice {
			p.keep(slot, fresh)
		}
		at = fresh
	} else {
		at.to(number, &p.journal)
	}
	if at.number != number {
		return nil
	}
	return at
}

// mostStepsTwice is how many steps back are made anew for an event that is newer than the one an entity was gone back to.
const mostStepsTwice = 8

// keep remembers how far an entity was gone back, and forgets others where there are too many.
func (p *Past) keep(slot uint32, at *stand) {
	p.forget(slot)
	for _, v := range at.values {
		at.bytes += state.EntrySize + v.Size()
	}
	for other := range p.stands {
		if len(p.stands) < mostStands && p.bytes+at.bytes <= mostStandBytes {
			break
		}
		p.forget(other)
	}
	p.stands[slot], p.bytes = at, p.bytes+at.bytes
}

func (p *Past) forget(slot uint32) {
	if at := p.stands[slot]; at != nil {
		p.bytes -= at.bytes
		delete(p.stands, slot)
	}
}
