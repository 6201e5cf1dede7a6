package fold

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/file"
	"signalbox/scenarios/nearest"
	"signalbox/sources/state"
)

// readTo gives the entity a status, "to: collected", which is one of the domain's states where it lists them.
func readTo(c *compiler, node ast.Node) ([]change, error) {
	if _, text := node.(*ast.StringNode); !text {
		return nil, file.At(node, "want the name of a status, have %s%s", file.Written(node), quotes(node))
	}
	var to file.Text
	if err := file.Decode(node, &to); err != nil {
		return nil, err
	}
	if strings.TrimSpace(to.Value) == "" {
		return nil, file.At(node, "want the name of a status, have an empty text")
	}
	if len(c.states) > 0 && !slices.Contains(c.states, to.Value) {
		return nil, file.At(node, "%s is none of states%s", to.Value, nearest.Hint(to.Value, c.states))
	}
	status := state.TextValue(to.Value)
	return []change{{do: func(s *state.State, slot int, _ []string, _ state.Value) { s.Set(slot, status) }}}, nil
}

// quotes says how a number or true can be a name all the same.
func quotes(node ast.Node) string {
	if text, ok := file.Scalar(node); ok {
		return fmt.Sprintf(`; a status of that name is written '%s'`, text)
	}
	return ""
}
