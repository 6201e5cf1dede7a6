package fold

import (
	"github.com/goccy/go-yaml/ast"

	"signalbox/sources/state"
)

// set gives fields new values, "set: { budget: state.budget - cost }". Below a path it makes the objects that are
// missing; a value that is absent removes the field.
func set(state *state.State, slot int, path []string, v state.Value) {
	if path == nil {
		state.Set(slot, v) // most changes are of a whole field
		return
	}
	state.SetIn(slot, path, v)
}

func readSet(c *compiler, node ast.Node) ([]change, error) { return c.fields(node, set) }
