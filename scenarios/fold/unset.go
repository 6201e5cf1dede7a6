package fold

import (
	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/file"
)

// readUnset removes fields, "unset: [ballots[data.ballot_id].cast]".
func readUnset(c *compiler, node ast.Node) ([]change, error) {
	var paths []file.Text
	if err := file.Decode(node, &paths); err != nil {
		return nil, err
	}
	changes := make([]change, 0, len(paths))
	for _, path := range paths {
		change, err := c.field(path, set) // no value is set: the field is gone
		if err != nil {
			return nil, err
		}
		changes = append(changes, change)
	}
	return changes, nil
}
