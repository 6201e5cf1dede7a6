package event

import "signalbox/sources/state"

// States are the states of an event's entity, by the slots of its kind, as far as they can be told. An event that changed
// nothing has the same before and after it. They are good until the next event is asked about.
type States struct {
	After             []state.Value
	NoBefore, NoAfter bool   // it cannot be told
	Undo              func() // finds what was before, by SetBefore; called once, when that is asked for

	before  []state.Value
	changes []state.Change
}

// Before is the state before the event.
func (s *States) Before() []state.Value {
	s.undone()
	return s.before
}

// Changes are those that the event made.
func (s *States) Changes() []state.Change {
	s.undone()
	return s.changes
}

func (s *States) undone() {
	if s.Undo != nil {
		s.Undo()
		s.Undo = nil
	}
}

// SetBefore says what was before.
func (s *States) SetBefore(before []state.Value, changes []state.Change) {
	s.before, s.changes = before, changes
}

// Past tells the states of the entities of events that are held, and of the one that is taken in.
type Past interface {
	// States are those of an event; nil when it has no entity.
	States(e *Event) *States
}

// Get is the value of a field in one of the states; absent where it is not there.
func Get(values []state.Value, slot int) state.Value {
	if slot < 0 || slot >= len(values) {
		return state.Value{}
	}
	return values[slot]
}

// Changed tells whether the event made a field, or something below it, another.
func (s *States) Changed(slot int) bool {
	for i := range s.Changes() {
		if s.changes[i].Slot == slot {
			return !Get(s.before, slot).Equal(Get(s.After, slot))
		}
	}
	return false
}
