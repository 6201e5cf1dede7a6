package fold

import (
	"errors"

	"github.com/goccy/go-yaml/ast"

	"signalbox/scenarios/file"
)

// operation is one way in which a rule changes fields: a key of the rule in its file.
type operation struct {
	key  string
	read func(c *compiler, node ast.Node) ([]change, error) // the changes that the file asks for below the key
}

// operations are all there are, in the order in which a rule makes its changes.
var operations = []operation{
	{"set", readSet},
	{"remove", readRemove},
	{"append", readAppend},
	{"merge", readMerge},
	{"unset", readUnset},
	{"to", readTo},
}

// written is an operation with what a file says below its key.
type written struct {
	*operation
	node ast.Node
}

// Keys implements file.Keys.
func (s *Section) Keys() []string {
	keys := make([]string, len(operations))
	for i := range operations {
		keys[i] = operations[i].key
	}
	return keys
}

// DecodeKey implements file.Keys.
func (s *Section) DecodeKey(key file.Pair) error {
	for i := range operations {
		if operations[i].key == key.Name {
			s.written = append(s.written, written{&operations[i], key.Value})
		}
	}
	return nil
}

// changes compiles what a section changes.
func (c *compiler) changes(s *Section) ([]change, error) {
	var all []change
	var wrong error
	for i := range operations {
		for _, w := range s.written {
			if w.operation != &operations[i] {
				continue
			}
			changes, err := w.read(c, w.node)
			wrong = errors.Join(wrong, err)
			all = append(all, changes...)
		}
	}
	return all, wrong
}
