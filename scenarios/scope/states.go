package scope

import (
	"signalbox/scenarios/expression"
	"signalbox/sources"
	"signalbox/sources/state"
)

// then is one of the states of an event's entity: after the event, or before it.
type then struct {
	unknown func(*sources.States) bool
	values  func(*sources.States) []state.Value
	field   func(s *sources.States, slot int) state.Value
}

var (
	after = then{
		unknown: func(s *sources.States) bool { return s.NoAfter },
		values:  func(s *sources.States) []state.Value { return s.After },
		field:   func(s *sources.States, slot int) state.Value { return s.Is(slot) },
	}
	before = then{
		unknown: func(s *sources.States) bool { return s.NoBefore },
		values:  func(s *sources.States) []state.Value { return s.Before() },
		field:   func(s *sources.States, slot int) state.Value { return s.Was(slot) },
	}
)

// stateThen is the name of the state of an event's entity: absent where there was none. What cannot be told of it is unknown.
func (r *EventRow) stateThen(t then) expression.Name {
	return expression.Name{
		Type: expression.Object, States: true,
		Value: func(f *expression.Frame) state.Value {
			var tree map[string]state.Value
			if states := r.statesThen(f, t); states != nil {
				for slot, v := range t.values(states) {
					if v.Kind() == state.Absent {
						continue
					}
					if tree == nil {
						tree = map[string]state.Value{}
					}
					tree[r.Event.Kind.Field(slot)] = v
				}
			}
			f.Unknown = f.Unknown || r.Event.Partial
			if tree == nil {
				return state.Value{}
			}
			return state.TreeValue(tree)
		},
		Member: func(name string) func(*expression.Frame) state.Value {
			field := &fieldSlot{name: name}
			return func(f *expression.Frame) state.Value {
				if states := r.statesThen(f, t); states != nil {
					if slot, ok := field.of(r.Event.Kind); ok {
						if v := t.field(states, slot); v.Kind() != state.Absent {
							return v
						}
					}
				}
				f.Unknown = f.Unknown || r.Event.Partial
				return state.Value{}
			}
		},
	}
}

// statesThen are the states where the one asked for can be told.
func (r *EventRow) statesThen(f *expression.Frame, t then) *sources.States {
	states := r.states(f)
	if states != nil && t.unknown(states) {
		f.Unknown = true
		return nil
	}
	return states
}

// states are those of the event's entity; nil when it has none, or nobody can tell.
func (r *EventRow) states(f *expression.Frame) *sources.States {
	if r.Event.Kind == nil {
		return nil
	}
	if r.Event.Past == nil {
		f.Unknown = true
		return nil
	}
	return r.Event.Past.States(r.Event)
}

// fieldSlot is the slot of a field, which is looked up once as long as events are of entities of one kind.
type fieldSlot struct {
	name string
	kind *state.Kind
	slot int
}

func (s *fieldSlot) of(kind *state.Kind) (slot int, ok bool) {
	if kind == nil {
		return 0, false
	}
	if kind == s.kind {
		return s.slot, true
	}
	if slot, ok = kind.Find(s.name); ok {
		s.kind, s.slot = kind, slot
	}
	return slot, ok
}

// changes are the fields that the event changed, each true.
func (r *EventRow) changes(f *expression.Frame) state.Value {
	tree := map[string]state.Value{}
	if states := r.told(f); states != nil {
		for i := range states.Changes() {
			if slot := states.Changes()[i].Slot; states.Changed(slot) {
				tree[r.Event.Kind.Field(slot)] = state.BoolValue(true)
			}
		}
	}
	return state.TreeValue(tree)
}

// changed tells whether the event changed a field.
func (r *EventRow) changed(name string) func(*expression.Frame) state.Value {
	field := &fieldSlot{name: name}
	return func(f *expression.Frame) state.Value {
		states := r.told(f)
		slot, ok := field.of(r.Event.Kind)
		return state.BoolValue(states != nil && ok && states.Changed(slot))
	}
}

// told are the states where both are known.
func (r *EventRow) told(f *expression.Frame) *sources.States {
	states := r.states(f)
	if states != nil && (states.NoBefore || states.NoAfter) {
		f.Unknown = true
		return nil
	}
	return states
}
