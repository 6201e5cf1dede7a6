package fold

import (
	"fmt"
	"strings"

	"signalbox/scenarios/expression"
	"signalbox/sources"
	"signalbox/sources/state"
)

// Merge folds events that no domain has rules for: each member of the payload becomes a field of the state, and null
// removes one. It implements sources.Fold.
type Merge struct {
	kind      *state.Kind
	slots     map[string]int
	replacing replace
	set       []setting // of the event in hand
	places    []uint32  // by slot: where it stands in set, counted from 1; what is no place of the slot means nothing
}

// noSlot is the slot of a field that finds no place.
const noSlot = -1

// setting is a value that a slot is set to, or left as it is where it says nothing.
type setting struct {
	slot    int
	nothing bool
	value   state.Value
}

// note notes what a member says; of members with one name the last counts.
func (m *Merge) note(slot int, nothing bool, value state.Value) {
	for len(m.places) <= slot {
		m.places = append(m.places, 0)
	}
	said := setting{slot, nothing, value}
	if at := int(m.places[slot]); at > 0 && at <= len(m.set) && m.set[at-1].slot == slot {
		m.set[at-1] = said
		return
	}
	m.set = append(m.set, said)
	m.places[slot] = uint32(len(m.set))
}

// Apply implements sources.Fold.
func (m *Merge) Apply(e *sources.Event, state *state.State) (string, error) {
	m.apply(e, state)
	return "", nil
}

func (m *Merge) apply(e *sources.Event, s *state.State) {
	raw := expression.View(body(e))
	status, stated := false, state.Value{}
	m.set = m.set[:0]
	object := expression.EachMember(raw, func(name, value string) bool {
		v := expression.FromJSON(value)
		nothing := v.Kind() == state.Text && v.Text() == e.Type // what names the type says nothing of the state
		switch name {
		case state.StatusField:
			status, v = !nothing, statusOf(v)
		case "state":
			if stated = v; nothing {
				stated = state.Value{}
			}
		}
		if slot, known := m.slots[name]; known {
			m.note(slot, nothing, v)
		} else if !nothing {
			if slot, ok := m.slot(name); ok {
				m.note(slot, false, v)
			} else if v.Kind() != state.Absent {
				s.Set(noSlot, v) // so that it is told
			}
		}
		return true
	})
	for _, said := range m.set {
		if !said.nothing {
			s.Set(said.slot, said.value)
		}
	}
	clear(m.set) // which may be views into the message
	switch {
	case !object && len(raw) > 0:
		v := state.TextValue(raw)
		if expression.IsJSON(raw) {
			v = expression.FromJSON(strings.TrimSpace(raw))
		}
		if slot, ok := m.slot("value"); ok {
			s.Set(slot, v)
		}
	case !status && stated.Kind() == state.Text:
		s.Set(0, stated)
	}
}

// statusOf is a status as a text.
func statusOf(v state.Value) state.Value {
	if v.Kind() == state.Absent || v.Kind() == state.Text {
		return v
	}
	return state.TextValue(v.String())
}

// slot finds the slot of a field. A kind has room for so many.
func (m *Merge) slot(name string) (int, bool) {
	slot, ok := m.slots[name]
	if !ok && len(m.slots) < state.MaxFields {
		name = strings.Clone(name)
		slot = m.kind.Slot(name)
		if ok = slot >= 0; ok {
			m.slots[name] = slot
		}
	}
	return slot, ok
}

// replace folds the values of a key: each takes the place of the one before. It implements sources.Fold.
type replace struct{ *Merge }

// Apply implements sources.Fold.
func (r *replace) Apply(e *sources.Event, s *state.State) (string, error) {
	_, gone := e.StationTraits().Done(e.Headers)
	for slot := range s.Len() {
		if gone || !expression.HasMember(expression.View(e.Data), s.Kind.Field(slot)) {
			s.Set(slot, state.Value{})
		}
	}
	s.Partial, s.Missed = false, false
	if gone {
		s.Set(0, state.TextValue("deleted"))
		return "", nil
	}
	r.apply(e, s)
	return "", nil
}

// NoRule is the fold of events of a type that their domain has no rule for: each fails.
type NoRule struct{ Domain string }

// Apply implements sources.Fold.
func (n *NoRule) Apply(e *sources.Event, _ *state.State) (string, error) {
	return "", fmt.Errorf("%s has no rule for %s", n.Domain, e.Type)
}

// body is the part of an event's payload that is its data.
func body(e *sources.Event) []byte {
	if e.Body != nil {
		return e.Body
	}
	return e.Data
}
