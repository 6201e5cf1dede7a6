package scenarios

import (
	"github.com/goccy/go-yaml/ast"
)

// orderedMap is a mapping of a file in the order it is written, each entry with its place.
type orderedMap[T any] []entry[T]

// entry is one "name: value" of a mapping.
type entry[T any] struct {
	Name  string
	Value T
	Key   ast.Node // where Name is written
	Node  ast.Node // where Value is written
}

// Get finds an entry by name.
func (m orderedMap[T]) Get(name string) (T, bool) {
	for _, e := range m {
		if e.Name == name {
			return e.Value, true
		}
	}
	var none T
	return none, false
}

// decodeNode fills the map from a mapping; see decode.
func (m *orderedMap[T]) decodeNode(node ast.Node) error {
	pairs, err := pairsOf(node)
	if err != nil {
		return err
	}
	*m = make(orderedMap[T], 0, len(pairs))
	for _, pair := range pairs {
		e := entry[T]{Name: pair.name, Key: pair.key, Node: pair.value}
		if err := decode(pair.value, &e.Value); err != nil {
			return err
		}
		*m = append(*m, e)
	}
	return nil
}
