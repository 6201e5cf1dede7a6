package event

import "signalbox/sources/state"

// States are the states of an event's entity, by the slots of its kind, as far as they can be told. An event that changed
// nothing has the same before and after it. They are good until the next event is asked about.
type States struct {
	Before, After     []state.Value
	Changes           []state.Change
	NoBefore, NoAfter bool // it cannot be told
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
	for i := range s.Changes {
		if s.Changes[i].Slot == slot {
			return !Get(s.Before, slot).Equal(Get(s.After, slot))
		}
	}
	return false
}
