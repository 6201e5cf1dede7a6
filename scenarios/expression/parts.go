package expression

import (
	"maps"
	"slices"

	"signalbox/sources/state"
)

// Equal tells whether two values are the same, as == does.
func Equal(a, b Value) bool { return equal(a, b) }

// Elements are those of an array, which share its memory; false where v is none.
func Elements(v Value) ([]Value, bool) {
	if v.Kind() == state.List {
		return v.List(), true
	}
	if v.Kind() != state.JSON {
		return nil, false
	}
	all := []Value{}
	whole := eachElement(v.Text(), func(element string) bool {
		all = append(all, FromJSON(element))
		return true
	})
	return all, whole
}

// MembersOf are those of an object, which share its memory, each name once and in the order of names; false where v is none.
// One that is null has an absent value.
func MembersOf(v Value) ([]NamedValue, bool) {
	members := v.Tree()
	if v.Kind() == state.JSON {
		members = map[string]Value{}
		if !eachMember(v.Text(), func(name, value string) bool { members[name] = FromJSON(value); return true }) {
			return nil, false
		}
	} else if v.Kind() != state.Tree {
		return nil, false
	}
	all := make([]NamedValue, 0, len(members))
	for _, name := range slices.Sorted(maps.Keys(members)) {
		all = append(all, NamedValue{name, members[name]})
	}
	return all, true
}

// NamedValue is a member of an object.
type NamedValue struct {
	Name  string
	Value Value
}
