package fold

import (
	"slices"

	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/file"
	"signalbox/scenarios/nearest"
	"signalbox/sources/state"
)

// readTo gives the entity a status, "to: collected", which is one of the domain's states where it lists them.
func readTo(c *compiler, node ast.Node) ([]change, error) {
	var to file.Text
	if err := file.Decode(node, &to); err != nil || to.Value == "" {
		return nil, err
	}
	if len(c.states) > 0 && !slices.Contains(c.states, to.Value) {
		return nil, file.At(node, "%s is none of states%s", to.Value, nearest.Hint(to.Value, c.states))
	}
	status := state.TextValue(to.Value)
	return []change{{do: func(s *state.State, slot int, _ []string, _ state.Value) { s.Set(slot, status) }}}, nil
}
