package store

import (
	"signalbox/sources/internal/event"
	"signalbox/sources/internal/window"
	"signalbox/sources/state"
)

// stand is the state of an entity after one of its events.
type stand struct {
	born   uint64
	chain  Chain
	number uint64 // of the event that was come to; 0: none
	values []state.Value
	known  bool
	bytes  int64 // that values took when it was made
}

// newest is the stand at an entity's newest event.
func (st *Store) newest(slot uint32) *stand {
	r := st.Entities.At(slot)
	a := &stand{born: r.Born, chain: st.Chain(slot), known: !r.Gone()}
	if a.known {
		a.values = st.Entities.CopyState(slot)
	}
	return a
}

// standNear is one from which it is not far back to an event: where a state on the way is remembered, that one.
func (st *Store) standNear(slot uint32, number uint64) *stand {
	if st.way.about(st, slot) {
		if m := st.way.near(st, func(at, _ uint64) bool { return st.later(at, number) }); m != nil {
			return &stand{born: st.Entities.At(slot).Born, chain: m.chain, known: true, values: own(m.values)}
		}
	}
	return st.newest(slot)
}

// to undoes what came after an event, and tells in how many steps. The journal is memory that it may use.
func (a *stand) to(number uint64, journal *[]state.Change) (steps int) {
	for ; ; steps++ {
		here, held, ok := a.chain.Here()
		if a.number = here; !ok || here == number || !a.chain.store.later(here, number) {
			return steps
		}
		a.undo(held, journal)
		a.chain.pass(here, held)
	}
}

// undo takes back what the event did that was come to. The journal is what it had changed, afterwards.
func (a *stand) undo(held window.Held, journal *[]state.Change) {
	*journal = (*journal)[:0]
	if !held.Folded() {
		return
	}
	if a.known = a.known && !held.Cut(); !a.known {
		a.values = nil
		return
	}
	*journal = state.AppendRead(*journal, held.Changes())
	a.values = state.Undo(a.values, *journal)
}

// WayBack goes back through the events of one entity, from its newest, and tells the states after and before each. It can be left
// between two steps, and is over where what is held is amended meanwhile.
type WayBack struct {
	stand
	slot     uint32
	serial   uint64 // of what is held: see Store.amended
	held     window.Held
	rejected uint64 // events refused up to the one come to
	gone     int    // events that were gone through
	journal  []state.Change
	asked    bool // what the event changed is in the journal: somebody has asked
	states   event.States
	changes  func() []state.Change
}

// WayBack begins one.
func (st *Store) WayBack(slot uint32) *WayBack {
	w := &WayBack{stand: *st.newest(slot), slot: slot, serial: st.amended, rejected: st.Entities.Rejected(st.Entities.At(slot))}
	w.changes = func() []state.Change {
		w.journal, w.asked = w.journal[:0], true
		if w.held.Folded() {
			w.journal = state.AppendRead(w.journal, w.held.Changes())
		}
		return w.journal
	}
	return w
}

// Amended tells whether what is held was amended since it began: who wants to know all begins anew.
func (w *WayBack) Amended() bool { return w.serial != w.chain.store.amended }

// Here is the event that was come to; false at the end.
func (w *WayBack) Here() (number uint64, held window.Held, ok bool) {
	w.number, w.held, ok = w.chain.Here()
	return w.number, w.held, ok
}

// States implements event.Past for the event that Here told of.
func (w *WayBack) States(*event.Event) *event.States {
	w.states.Begin(w.values, w.changes)
	w.states.NoAfter = !w.known
	w.states.NoBefore = !w.known || w.held.Folded() && w.held.Cut()
	return &w.states
}

// Back goes on from the event that Here told of, and tells which fields it had made others, as breakpoints do: a bit for each
// slot, modulo 64. Doubtful is that what can be told of the state before may be another although they are the same.
func (w *WayBack) Back() (fields uint64, doubtful bool) {
	w.remember()
	known := w.known
	if w.asked && w.known && !w.held.Cut() {
		w.values = state.Undo(w.values, w.journal)
	} else {
		w.undo(w.held, &w.journal)
	}
	w.asked = false
	for i := range w.journal {
		fields |= 1 << (w.journal[i].Slot % 64)
	}
	if w.held.Rejected() {
		w.rejected--
	}
	w.chain.pass(w.number, w.held)
	w.gone++
	return fields, known != w.known
}

// remember keeps the state as one on the way, here and there: whoever goes to what was found has it near.
func (w *WayBack) remember() {
	st := w.chain.store
	if w.gone%marksApart != 0 || w.gone == 0 || !w.known || !w.held.Folded() {
		return
	}
	if way := st.way.of(st, w.slot); w.gone%way.apart == 0 {
		way.add(st, waymark{chain: w.chain, number: w.number, version: w.held.Version(), rejected: w.rejected, values: w.values})
	}
}
