package state

import (
	"slices"
	"strings"
)

// Kind is a kind of entity: its name, and the fields that its states have had so far, each with a slot. A Kind belongs
// to one engine.
type Kind struct {
	name      string
	slots     map[string]int
	names     []string
	Index     uint16 // given by who keeps entities of it, from 1; 0 before
	Since     int64  // entities that began before this time may have had events that were not seen; 0: all events are seen
	Late      int64  // likewise, of stations of which nothing has come yet: their own first message will say it; 0: of none
	Elsewhere bool   // it has events at stations that are not read
	Known     int    // so many of its first fields are those that rules are about
}

// MaxFields bounds the fields of a kind; State.Set to a name beyond it does nothing and State.Overflow says so.
const MaxFields = 256

// StatusField is the field that holds an entity's status. It is slot 0 of every kind.
const StatusField = "status"

// NewKind makes a kind with its first fields; StatusField always comes first.
func NewKind(name string, fields ...string) *Kind {
	k := &Kind{name: name, slots: map[string]int{StatusField: 0}, names: []string{StatusField}}
	for _, field := range fields {
		k.Slot(field)
	}
	return k
}

// Name is the kind's name, "delivery".
func (k *Kind) Name() string { return k.name }

// Slot finds the slot of a field and makes one when there is none; -1 when the kind is full.
func (k *Kind) Slot(field string) int {
	if slot, ok := k.slots[field]; ok {
		return slot
	}
	if len(k.names) == MaxFields {
		return -1
	}
	k.slots[field] = len(k.names)
	k.names = append(k.names, field)
	return len(k.names) - 1
}

// Find finds the slot of a field.
func (k *Kind) Find(field string) (slot int, ok bool) {
	slot, ok = k.slots[field]
	return slot, ok
}

// Len is how many slots there are.
func (k *Kind) Len() int { return len(k.names) }

// Field names a slot.
func (k *Kind) Field(slot int) string { return k.names[slot] }

// FieldChange is what one event did to one field; Name has dots for parts of a tree: "ballots.b-19.cast".
type FieldChange struct {
	Name    string
	Was, Is Value
}

// Describe names changes for people; several of one field are one.
func (k *Kind) Describe(changes []Change) []FieldChange {
	var out []FieldChange
	for _, c := range changes {
		name := k.names[c.Slot]
		if len(c.Path) > 0 {
			name += "." + strings.Join(c.Path, ".")
		}
		if i := slices.IndexFunc(out, func(f FieldChange) bool { return f.Name == name }); i >= 0 {
			out[i].Is = c.Is.Own()
			continue
		}
		out = append(out, FieldChange{Name: name, Was: c.Was.Own(), Is: c.Is.Own()})
	}
	return slices.DeleteFunc(out, func(f FieldChange) bool { return f.Was.Equal(f.Is) })
}

// Field is one field of a state.
type Field struct {
	Name  string
	Value Value
}
