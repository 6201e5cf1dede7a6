package fold

import (
	"errors"

	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/file"
)

// readUnset removes fields, "unset: [ballots[data.ballot_id].cast]".
func readUnset(c *compiler, node ast.Node) ([]change, error) {
	var paths []file.Text
	wrong := file.Decode(node, &paths)
	changes := make([]change, 0, len(paths))
	for _, path := range paths {
		if path.Node == nil {
			continue // no text: has been said
		}
		change, err := c.field(path, set) // no value is set: the field is gone
		wrong = errors.Join(wrong, err)
		changes = append(changes, change)
	}
	return changes, wrong
}
