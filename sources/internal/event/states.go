package event

import (
	"slices"

	"signalbox/sources/state"
)

// States are the states of an event's entity, by the slots of its kind, as far as they can be told. An event that changed
// nothing has the same before and after it. They are good until the next event is asked about.
type States struct {
	After             []state.Value
	NoBefore, NoAfter bool // it cannot be told

	tell     func() []state.Change // of what the event changed, until that is asked for
	changes  []state.Change
	before   []state.Value // when restored
	restored bool
}

// Begin makes them those of another event: the state after it, and what tells of its changes, which is called when they
// are asked for, once; nil: it changed nothing.
func (s *States) Begin(after []state.Value, changes func() []state.Change) {
	*s = States{After: after, tell: changes, before: s.before[:0]}
}

// Before is the state before the event.
func (s *States) Before() []state.Value {
	if !s.restored && !s.NoBefore {
		s.before = Before(append(s.before[:0], s.After...), s.Changes())
		s.restored = true
	}
	return s.before
}

// Before takes changes back from a copy of the state after them.
func Before(values []state.Value, changes []state.Change) []state.Value {
	nested := false
	for i := range changes { // what was removed may have stood behind all that is left
		for len(values) <= changes[i].Slot {
			values = append(values, state.Value{})
		}
		nested = nested || len(changes[i].Path) > 0
	}
	if !nested {
		for i := len(changes) - 1; i >= 0; i-- {
			values[changes[i].Slot] = changes[i].Was
		}
		return values
	}
	for i := range changes { // what is undone within a tree must not be undone within that of the state after
		values[changes[i].Slot] = values[changes[i].Slot].Own()
	}
	return state.Undo(values, slices.Clone(changes))
}

// Changes are those that the event made.
func (s *States) Changes() []state.Change {
	if s.tell != nil {
		s.changes, s.tell = s.tell(), nil
	}
	return s.changes
}

// Is is the value of a field after the event; absent where it is not there.
func (s *States) Is(slot int) state.Value { return get(s.After, slot) }

func get(values []state.Value, slot int) state.Value {
	if slot < 0 || slot >= len(values) {
		return state.Value{}
	}
	return values[slot]
}

// Was is the value of a field before the event; absent where it was not there.
func (s *States) Was(slot int) state.Value {
	for i := range s.Changes() {
		if c := &s.changes[i]; c.Slot == slot {
			if len(c.Path) > 0 {
				return get(s.Before(), slot)
			}
			return c.Was
		}
	}
	return s.Is(slot)
}

// Past tells the states of the entities of events that are held, and of the one that is taken in.
type Past interface {
	// States are those of an event; nil when it has no entity.
	States(e *Event) *States
}

// Changed tells whether the event made a field, or something below it, another.
func (s *States) Changed(slot int) bool {
	for i := range s.Changes() {
		if s.changes[i].Slot == slot {
			return !s.Was(slot).Equal(s.Is(slot))
		}
	}
	return false
}
