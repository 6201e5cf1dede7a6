package event

import (
	"signalbox/sources/state"
)

// Moment is an event with its entity's state before and after it, in memory of its own.
type Moment struct {
	Event         *Event
	Before, After []state.Field // in the order of the kind's fields, the status first
	NoBefore      bool          // it cannot be told
	NoAfter       bool          // likewise
	Changed       []string      // the fields that the event changed
}

// MomentOf is the moment of an event that is at hand.
func MomentOf(e *Event) *Moment {
	m := &Moment{Event: e.Clone(), NoBefore: true, NoAfter: true}
	if e.Past == nil {
		return m
	}
	s := e.Past.States(e)
	if s == nil {
		return m
	}
	m.NoBefore, m.NoAfter = s.NoBefore, s.NoAfter
	m.Before, m.After = fields(e.Kind, s.Before()), fields(e.Kind, s.After)
	if m.NoBefore || m.NoAfter {
		return m
	}
	for slot := range e.Kind.Len() {
		if s.Changed(slot) {
			m.Changed = append(m.Changed, e.Kind.Field(slot))
		}
	}
	return m
}

func fields(k *state.Kind, values []state.Value) []state.Field {
	var out []state.Field
	for slot, v := range values {
		if v.Kind() != state.Absent {
			out = append(out, state.Field{Name: k.Field(slot), Value: v.Own()})
		}
	}
	return out
}
