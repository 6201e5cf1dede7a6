package fold

import (
	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/file"
	"signalbox/sources/state"
)

// appendTo adds a value to the end of a list, "append: { items: data.item }". A field that is no list becomes one of that
// value alone. A list that a partial state lacks may be there in truth: it is not begun anew.
func appendTo(s *state.State, slot int, path []string, v state.Value) {
	if s.Partial && s.Get(slot).Kind() == state.Absent {
		return
	}
	s.Append(slot, path, v)
}

func readAppend(c *compiler, node ast.Node) ([]change, error) {
	return c.valued(node, appendTo, "the value that is added to it")
}

// valued is fields for what makes no sense without a value.
func (c *compiler) valued(node ast.Node, do doing, what string) ([]change, error) {
	changes, err := c.fields(node, do)
	for i := range changes {
		if err == nil && changes[i].value.IsZero() {
			return nil, file.At(node, "want an expression for each field: %s", what)
		}
	}
	return changes, err
}
