package fold

import (
	"slices"

	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/file"
	"signalbox/scenarios/nearest"
	"signalbox/sources"
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
	status := sources.TextValue(to.Value)
	return []change{{do: func(state *sources.State, slot int, _ []string, _ sources.Value) { state.Set(slot, status) }}}, nil
}
