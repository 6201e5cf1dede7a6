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
	store  *Store
	states event.States
	number uint64 // the event that was asked about last
	none   bool   // it has no entity
	state  state.State
	stands map[uint32]*stand // by slot
}

// stand is the state of an entity after one of its events.
type stand struct {
	born   uint64
	number uint64
	values []state.Value
	known  bool
}

// mostStands bounds the entities of which is remembered how far they were gone back.
const mostStands = 4096

// Past makes one.
func (st *Store) Past() *Past { return &Past{store: st, stands: map[uint32]*stand{}} }

// States implements event.Past.
func (p *Past) States(e *event.Event) *event.States {
	if p.number != e.Number || e.Number == 0 {
		p.number, p.none = e.Number, false
		switch {
		case e.Kind == nil || e.Number == 0:
			p.none = true
		case e.Number == p.store.Window.Next()-1:
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

// ofLast finds the states of the event that was taken in last.
func (p *Past) ofLast() {
	st, last, s := p.store, p.store.last, &p.states
	if p.none = !last.known; p.none {
		return
	}
	st.Entities.Load(last.slot, &p.state)
	s.After, s.Changes = p.state.Values(), s.Changes[:0]
	st.Entities.Unload(last.slot, &p.state)
	s.NoAfter = st.Entities.At(last.slot).Gone()
	s.NoBefore = s.NoAfter || last.cut
	if last.folded && len(st.undo) > 0 {
		s.Changes = state.AppendRead(s.Changes, st.undo)
	}
	p.undone()
}

// undone makes the state before of the state after.
func (p *Past) undone() {
	s := &p.states
	if s.Before = s.Before[:0]; s.NoBefore {
		return
	}
	s.Before = append(s.Before, s.After...)
	for i := range s.Changes { // what was removed may have stood behind all that is left
		for len(s.Before) <= s.Changes[i].Slot {
			s.Before = append(s.Before, state.Value{})
		}
	}
	if !slices.ContainsFunc(s.Changes, func(c state.Change) bool { return len(c.Path) > 0 }) {
		for i := len(s.Changes) - 1; i >= 0; i-- {
			s.Before[s.Changes[i].Slot] = s.Changes[i].Was
		}
		return
	}
	for i := range s.Changes { // what is undone within a tree must not be undone within that of the state after
		slot := s.Changes[i].Slot
		s.Before[slot] = s.Before[slot].Own()
	}
	s.Before = state.Undo(s.Before, slices.Clone(s.Changes))
}

// ofHeld finds the states of an event that is held.
func (p *Past) ofHeld(e *event.Event) {
	st, s := p.store, &p.states
	s.After, s.Before, s.Changes, s.NoAfter, s.NoBefore = nil, s.Before[:0], s.Changes[:0], true, true
	slot, ok := st.Entities.Find(e.Kind, e.ID)
	if !ok || st.Entities.At(slot).Born > e.Number || !st.Window.Has(e.Number) {
		return
	}
	at := p.back(slot, e.Number)
	if at == nil || !at.known {
		return
	}
	held := st.Window.Get(e.Number)
	s.After, s.NoAfter, s.NoBefore = at.values, false, held.Folded() && held.Cut()
	if held.Folded() {
		s.Changes = state.AppendRead(s.Changes, held.Changes())
	}
	p.undone()
}

// back goes back from where an entity is, or was gone back to, to one of its events; nil when there is no way.
func (p *Past) back(slot uint32, number uint64) *stand {
	st := p.store
	r := st.Entities.At(slot)
	at := p.stands[slot]
	known := at != nil && at.born == r.Born
	if !known || at.number < number {
		fresh := &stand{born: r.Born, number: r.Last, known: !r.Gone()}
		if fresh.known {
			fresh.values = st.Entities.CopyState(slot)
		}
		if steps := fresh.to(st.Window, number); !known || steps > mostStepsTwice {
			p.keep(slot, fresh)
		}
		at = fresh
	} else {
		at.to(st.Window, number)
	}
	if at.number != number {
		return nil
	}
	return at
}

// mostStepsTwice is how many steps back are made anew for an event that is newer than the one an entity was gone back to.
const mostStepsTwice = 8

// to undoes what came after an event, and tells in how many steps.
func (a *stand) to(w *window.Window, number uint64) (steps int) {
	for ; a.number > number && w.Has(a.number); steps++ {
		held := w.Get(a.number)
		if held.Folded() {
			if a.known = a.known && !held.Cut(); a.known {
				a.values = state.Undo(a.values, state.ReadChanges(held.Changes()))
			} else {
				a.values = nil
			}
		}
		if held.Back() == 0 {
			a.number = 0
			break
		}
		a.number -= held.Back()
	}
	return steps
}

// keep remembers how far an entity was gone back, and forgets another one where there are too many.
func (p *Past) keep(slot uint32, at *stand) {
	if _, have := p.stands[slot]; !have && len(p.stands) == mostStands {
		for other := range p.stands {
			delete(p.stands, other)
			break
		}
	}
	p.stands[slot] = at
}
