package store

import (
	"fmt"

	"signalbox/sources/internal/entities"
	"signalbox/sources/internal/event"
	"signalbox/sources/internal/packed"
	"signalbox/sources/internal/window"
	"signalbox/sources/state"
)

// Take understands an event, which lies at a place of a batch, folds it and keeps it. It says what became of it.
func (st *Store) Take(ev *event.Event, from *window.Source, place *Place, at int) window.Result {
	st.Entities.Event(ev.Number)
	st.understand(ev)
	return st.take(ev, from, place, at)
}

// take folds an event that is understood, and keeps it.
func (st *Store) take(ev *event.Event, from *window.Source, place *Place, at int) window.Result {
	slot, known := st.resolve(ev, place)
	last := &st.last
	*last = taken{number: ev.Number, slot: slot, known: known}
	partial := false
	if known {
		r := st.Entities.At(slot)
		last.first, last.previous, last.doubtful, partial = r.Born == ev.Number, r.Last, r.Gone(), r.Partial()
	}
	o := st.fold(ev, place, slot, known)
	last.folded, last.cut = o.result == window.Folded, o.cut
	if st.Look != nil {
		last.doubtful = last.doubtful || ev.Partial != partial
		last.open = true
		st.Look(ev, o.result)
		last.open = false
	}
	st.keep(ev, from, place, at, slot, known, o)
	return o.result
}

// understand asks the domains. A payload that makes them panic is a problem of that event alone.
func (st *Store) understand(ev *event.Event) {
	defer func() {
		if p := recover(); p != nil {
			ev.Kind, ev.Names, ev.Undecodable = nil, nil, true
			ev.Problem = fmt.Sprintf("understanding it panicked: %v", p)
		}
	}()
	if st.Domains != nil {
		st.Domains.Understand(ev)
	}
}

// outcome is what the window holds of an event's Outcome, beside its texts.
type outcome struct {
	result window.Result
	status uint16 // in the counts of the entity's kind
	cut    bool   // the state before it cannot be told from the state after it
}

// fold applies an event to its entity, where it is known, and encodes what it changed. The entity's new state is stored by
// keep, once the event, which may share its bytes, is in the window.
func (st *Store) fold(ev *event.Event, place *Place, slot uint32, known bool) (o outcome) {
	switch {
	case ev.Undecodable:
		ev.Fold, o.result = nil, window.Undecodable
	case ev.Problem != "" && ev.Fold == nil:
		o.result = window.Failed
	}
	st.undo = st.undo[:0]
	if !known {
		return o
	}
	t, s := st.Entities, &st.state
	r := t.At(slot)
	if ev.Fold == nil {
		ev.Version, ev.Partial = uint64(r.Version), r.Partial()
		return o
	}
	if place.Since != 0 || ev.Kind.Since != 0 {
		st.missed(slot, r, t.Kind(r), place)
	}
	o.cut = r.Gone()
	t.Load(slot, s)
	s.Most = st.State
	ev.Outcome = event.Apply(ev, s)
	ev.Partial = s.Partial
	switch {
	case ev.Failed != "":
		o.result, o.cut = window.Failed, false
	case ev.Rejected != "":
		t.Reject(r)
		o.result, o.cut = window.Rejected, false
	default:
		r.Version++
		o.result = window.Folded
		o.cut = st.noteChanges(ev.Changes) || o.cut
		if ev.Changes = nil; ev.Status != "" {
			if o.status, ev.Status = t.StatusAfter(r, ev.Status); o.status == 0 && t.TooManyStatuses(s.Kind) { // what it was may lie where the state will be changed
				st.tellStatuses(s.Kind)
			}
		}
		if s.Overflow() && t.Overflows(s.Kind) {
			st.tellFields(s.Kind)
		}
		return o
	}
	t.Unload(slot, s)
	return o
}

// noteChanges encodes the changes of an event that will be held, and tells whether they are too many to be.
func (st *Store) noteChanges(changes []state.Change) (tooMany bool) {
	if st.Window.Nothing && !st.States {
		return false
	}
	st.undo = state.AppendChanges(st.undo, changes)
	if tooMany = len(st.undo) > st.Head; tooMany {
		st.undo = st.undo[:0]
	}
	return tooMany
}

// keep puts an event, whose message lies at a place of a batch, into the window and its entity's state into the
// table.
func (st *Store) keep(ev *event.Event, from *window.Source, place *Place, at int, slot uint32, known bool, o outcome) {
	t := st.Entities
	back := uint64(0)
	if known {
		if last := t.At(slot).Last; st.Window.Has(last) && ev.Number-last < 1<<32 {
			back = ev.Number - last
		}
		st.noteTouched(slot)
		t.Touch(slot, ev.Number, ev.UnixNano)
	}
	data, body := ev.Data, ev.Body
	st.trim(ev)
	if st.Window.Nothing && !st.States {
		st.Window.Pass(place.Index)
	} else {
		st.put(ev, place, from, at, back, o)
	}
	if len(ev.Data) < len(data) || len(ev.Body) < len(body) {
		ev.Data, ev.Body = data, body
	}
	if o.result == window.Folded {
		t.Store(slot, &st.state)
		if r := t.At(slot); ev.UnixNano < st.state.Kind.Since {
			t.Miss(r) // it began just now, and what came since was not all seen
		}
		if packed.Offset(data, ev.ID) < 0 {
			ev.ID = t.ID(t.At(slot)) // the one it had may have lain where the entity was
		}
	}
}

// resolve finds the entity of an event, and makes it when it is new.
func (st *Store) resolve(ev *event.Event, place *Place) (uint32, bool) {
	slot, known := st.whose(ev)
	if ev.Kind == nil {
		return 0, false
	}
	if !known && (ev.Follows || ev.Undecodable) { // what cannot be read begins nothing: an entity without a version is none
		ev.Kind, ev.ID = nil, ""
		return 0, false
	}
	if !known {
		slot = st.Entities.Add(ev.Kind, ev.ID, ev.Number, ev.UnixNano, began(ev.Kind, ev.ID, place))
		if st.earlier != nil && st.earlier(ev.Kind, ev.ID) {
			st.Entities.Drop(st.Entities.At(slot))
		}
	}
	for _, text := range ev.Names {
		st.Entities.Lead(text, slot)
	}
	return slot, true
}

// whose finds the entity of an event and completes Kind and ID; Kind is nil when it has none. It tells whether the entity
// is known.
func (st *Store) whose(ev *event.Event) (slot uint32, known bool) {
	if ev.Kind == nil {
		return 0, false
	}
	if ev.ID == "" {
		ev.Identify(func(text string) (*state.Kind, string, bool) {
			if slot, known = st.Entities.LedTo(text); !known {
				return nil, "", false
			}
			r := st.Entities.At(slot)
			return st.Entities.Kind(r), st.Entities.ID(r), true
		})
		if known {
			return slot, true
		}
	}
	if ev.Kind == nil || !st.Entities.Meet(ev.Kind) {
		ev.Kind, ev.ID = nil, ""
		return 0, false
	}
	ev.ID = trimText(ev.ID, entities.MostID)
	return st.Entities.Find(ev.Kind, ev.ID)
}

// Last is what is known of the event that is looked at, beside what it says itself; of no meaning where it has no entity.
type Last struct {
	Slot     uint32 // of its entity
	First    bool   // it is the entity's first
	Previous uint64 // the number of the entity's event before it; 0: none
	Doubtful bool   // what can be told of the entity's state, but for its fields, may be another than after that
	Fields   uint64 // the fields that it changed: a bit for each slot, modulo 64
}

// Last is what is known of the event that Look is told of.
func (st *Store) Last() Last {
	l := Last{Slot: st.last.slot, First: st.last.first, Previous: st.last.previous, Doubtful: st.last.doubtful}
	if st.last.folded {
		changes := st.state.Changes()
		for i := range changes {
			l.Fields |= 1 << (changes[i].Slot % 64)
		}
	}
	return l
}

// LastEntity is the slot of the entity of the event that was taken in last, and whether that was its first; of no meaning where it
// has no entity.
func (st *Store) LastEntity() (slot uint32, first bool) { return st.last.slot, st.last.first }

// Identify understands an event and finds its entity, without keeping anything of it.
func (st *Store) Identify(ev *event.Event) {
	st.understand(ev)
	ev.Unjoin()
	st.whose(ev)
}
