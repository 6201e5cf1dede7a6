package scenarios

import (
	_ "embed"
	"slices"
)

//go:embed domain.schema.json
var schema []byte

// Schema is the JSON Schema of domain files: for editors, which complete keys by it and say what they are for.
func Schema() []byte { return slices.Clone(schema) }
