package scope

import (
	"signalbox/scenarios/expression"
	"signalbox/sources"
	"signalbox/sources/state"
)

// stateThen is the name of the state of an event's entity, before or after the event: absent where there was none. What
// cannot be told of it is unknown.
func (r *EventRow) stateThen(which func(*sources.States) (values []state.Value, unknown bool)) expression.Name {
	return expression.Name{
		Type: expression.Object, States: true,
		Value: func(f *expression.Frame) state.Value {
			var tree map[string]state.Value
			for slot, v := range r.values(f, which) {
				if v.Kind() == state.Absent {
					continue
				}
				if tree == nil {
					tree = map[string]state.Value{}
				}
				tree[r.Event.Kind.Field(slot)] = v
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
				values := r.values(f, which)
				if slot, ok := field.of(r.Event.Kind); ok && slot < len(values) && values[slot].Kind() != state.Absent {
					return values[slot]
				}
				f.Unknown = f.Unknown || r.Event.Partial
				return state.Value{}
			}
		},
	}
}

// values are the fields of one of the states of the event's entity.
func (r *EventRow) values(f *expression.Frame, which func(*sources.States) (values []state.Value, unknown bool)) []state.Value {
	states := r.states(f)
	if states == nil {
		return nil
	}
	values, unknown := which(states)
	if unknown {
		f.Unknown = true
		return nil
	}
	return values
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
