package fold

import (
	"fmt"
	"slices"

	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/expression"
	"signalbox/sources/state"
)

// mergeInto brings an object into the object that a field is, "merge: { address: data.address }": its members take the
// place of those of the same name, and null removes one. Of a list it adds the elements that the field's list lacks. A
// field that is of another sort becomes what is merged into it. What a partial state lacks may be there in truth: it is
// not begun anew.
func mergeInto(s *state.State, slot int, path []string, v state.Value) {
	was := s.At(slot, path)
	if v.Kind() == state.Absent || s.Partial && s.Get(slot).Kind() == state.Absent {
		return
	}
	if list, ok := expression.Elements(v); ok {
		there, _ := expression.Elements(was)
		for _, x := range list {
			if !slices.ContainsFunc(there, func(y state.Value) bool { return expression.Equal(x, y) }) {
				s.Append(slot, path, x)
				there, _ = expression.Elements(s.At(slot, path))
			}
		}
		return
	}
	members, _ := expression.MembersOf(v)
	if was.Kind() != state.Tree {
		s.SetIn(slot, path, treeOf(was))
	}
	for _, m := range members {
		s.SetIn(slot, append(path[:len(path):len(path)], m.Name), m.Value)
	}
}

// treeOf is an object as it came as one whose members can be changed; an empty one for all else.
func treeOf(v state.Value) state.Value {
	members, _ := expression.MembersOf(v)
	tree := make(map[string]state.Value, len(members))
	for _, m := range members {
		tree[m.Name] = m.Value.Own()
	}
	return state.TreeValue(tree)
}

func readMerge(c *compiler, node ast.Node) ([]change, error) {
	changes, err := c.valued(node, mergeInto, "the object or list that is merged into it")
	for i := range changes {
		changes[i].check = mergeable
	}
	return changes, err
}

// mergeable refuses what has neither members nor elements.
func mergeable(v state.Value) error {
	if _, list := expression.Elements(v); list || v.Kind() == state.Absent {
		return nil
	}
	if _, object := expression.MembersOf(v); object {
		return nil
	}
	return fmt.Errorf("merge: want an object or a list, have %s", v)
}
