package sources

import (
	"fmt"

	"signalbox/sources/internal/entities"
	"signalbox/sources/internal/packed"
	"signalbox/sources/internal/window"
	"signalbox/sources/state"
)

// take takes in the message at a place of a batch, and returns the place of the next: it is understood, folded and kept.
func (e *Engine) take(f *feed, at int) (next int) {
	s, m, ev := f.station, &e.message, &e.event
	next = f.queue[0].Read(at, m)
	ev.Understood, ev.Outcome = Understood{}, Outcome{} // all of Received is set below
	ev.Number, ev.UnixNano, ev.Position, ev.Size = e.store.window.Next(), m.UnixNano, m.Position, m.Size
	ev.Bus, ev.Station, ev.Source, ev.Traits = s.bus.name, s.row.Name, s.row.Kind, s.traits
	ev.Subject, ev.Headers, ev.Data = m.Subject, m.Headers, m.Data
	if f.caughtUp {
		s.rates.Count++
	} else {
		s.past++
	}
	s.seen++
	s.last = m.UnixNano
	s.subjects.Count(m.Subject, m.UnixNano)
	e.store.understand(ev)
	slot, known := e.store.resolve(ev, s.startedLate)
	o := e.store.fold(ev, slot, known)
	e.store.keep(ev, f, at, slot, known, o)
	s.ledger.count(o.result)
	if e.options.Tap != nil {
		e.options.Tap(ev)
	}
	e.waiters.told(ev)
	return next
}

// understand asks the domains. A payload that makes them panic is a problem of that event alone.
func (st *store) understand(ev *Event) {
	defer func() {
		if p := recover(); p != nil {
			ev.Kind, ev.Names, ev.Undecodable = nil, nil, true
			ev.Problem = fmt.Sprintf("understanding it panicked: %v", p)
		}
	}()
	if st.domains != nil {
		st.domains.Understand(ev)
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
func (st *store) fold(ev *Event, slot uint32, known bool) (o outcome) {
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
	t, s := st.entities, &st.state
	r := t.At(slot)
	ev.Version, ev.Partial = uint64(r.Version), r.Partial()
	if ev.Fold == nil {
		return o
	}
	o.cut = r.Gone()
	t.Load(slot, s)
	ev.Outcome = Apply(ev, s)
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
func (st *store) noteChanges(changes []state.Change) (tooMany bool) {
	if st.window.Nothing {
		return false
	}
	st.undo = state.AppendChanges(st.undo, changes)
	if tooMany = len(st.undo) > st.head; tooMany {
		st.undo = st.undo[:0]
	}
	return tooMany
}

// keep puts an event, whose message lies at a place of a feed's batch, into the window and its entity's state into the
// table.
func (st *store) keep(ev *Event, f *feed, at int, slot uint32, known bool, o outcome) {
	t := st.entities
	back := uint64(0)
	if known {
		if last := t.At(slot).Last; st.window.Has(last) && ev.Number-last < 1<<32 {
			back = ev.Number - last
		}
		t.Touch(slot, ev.Number, ev.UnixNano)
	}
	data, body := ev.Data, ev.Body
	st.trim(ev)
	if st.window.Nothing {
		st.window.Pass(f.station.index)
	} else {
		st.put(ev, f.station, f.from, at, back, o)
	}
	if len(ev.Data) < len(data) || len(ev.Body) < len(body) {
		ev.Data, ev.Body = data, body
	}
	if o.result == window.Folded {
		t.Store(slot, &st.state)
		if packed.Offset(data, ev.ID) < 0 {
			ev.ID = t.ID(t.At(slot)) // the one it had may have lain where the entity was
		}
	}
}

// resolve finds the entity of an event, and makes it when it is new.
func (st *store) resolve(ev *Event, partial bool) (uint32, bool) {
	slot, known := st.whose(ev)
	if ev.Kind == nil {
		return 0, false
	}
	if !known && ev.Follows {
		ev.Kind, ev.ID = nil, ""
		return 0, false
	}
	if !known {
		slot = st.entities.Add(ev.Kind, ev.ID, ev.Number, ev.UnixNano, partial)
	}
	for _, text := range ev.Names {
		st.entities.Lead(text, slot)
	}
	return slot, true
}

// whose finds the entity of an event and completes Kind and ID; Kind is nil when it has none. It tells whether the entity
// is known.
func (st *store) whose(ev *Event) (slot uint32, known bool) {
	if ev.Kind == nil {
		return 0, false
	}
	if ev.ID == "" {
		ev.Identify(func(text string) (*state.Kind, string, bool) {
			if slot, known = st.entities.LedTo(text); !known {
				return nil, "", false
			}
			r := st.entities.At(slot)
			return st.entities.Kind(r), st.entities.ID(r), true
		})
		if known {
			return slot, true
		}
	}
	if ev.Kind == nil || !st.entities.Meet(ev.Kind) {
		ev.Kind, ev.ID = nil, ""
		return 0, false
	}
	ev.ID = trimText(ev.ID, entities.MostID)
	return st.entities.Find(ev.Kind, ev.ID)
}
