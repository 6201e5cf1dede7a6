package fold

import (
	"slices"

	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/expression"
	"signalbox/sources/state"
)

// remove takes elements out of a list, "remove: { items: data.item }": those that are equal to the value; where it is a
// list, to any in it; where it is an object, those that have its members. A field that is no list stays as it is. It
// costs the length of the list.
func remove(s *state.State, slot int, path []string, v state.Value) {
	list, ok := expression.Elements(s.At(slot, path))
	if !ok || v.Kind() == state.Absent {
		return
	}
	gone, several := expression.Elements(v)
	if !several {
		gone = []state.Value{v}
	}
	left := slices.DeleteFunc(slices.Clone(list), func(x state.Value) bool {
		return slices.ContainsFunc(gone, func(g state.Value) bool { return meant(x, g) })
	})
	if len(left) < len(list) {
		s.SetIn(slot, path, state.ListValue(left))
	}
}

// meant tells whether an element is the one to remove: it is equal, or has all members of the object that names it.
func meant(element, by state.Value) bool {
	members, ok := expression.MembersOf(by)
	if !ok || len(members) == 0 {
		return expression.Equal(element, by)
	}
	return !slices.ContainsFunc(members, func(m expression.NamedValue) bool {
		return !expression.Equal(expression.Member(element, m.Name), m.Value)
	})
}

func readRemove(c *compiler, node ast.Node) ([]change, error) {
	return c.valued(node, remove, "what is removed from it")
}
