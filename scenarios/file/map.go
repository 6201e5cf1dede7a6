package file

import (
	"errors"

	"github.com/goccy/go-yaml/ast"
)

// Map is a mapping of a file in the order it is written, each entry with its place.
type Map[T any] []Entry[T]

// Entry is one "name: value" of a mapping.
type Entry[T any] struct {
	Name  string
	Value T
	Key   ast.Node // where Name is written
	Node  ast.Node // where Value is written
}

// Get finds an entry by name.
func (m Map[T]) Get(name string) (T, bool) {
	for _, e := range m {
		if e.Name == name {
			return e.Value, true
		}
	}
	var none T
	return none, false
}

// DecodeNode fills the map from a mapping; see Decode.
func (m *Map[T]) DecodeNode(node ast.Node) error {
	pairs, wrong := Pairs(node)
	*m = make(Map[T], 0, len(pairs))
	for _, pair := range pairs {
		e := Entry[T]{Name: pair.Name, Key: pair.Key, Node: pair.Value}
		wrong = errors.Join(wrong, Decode(pair.Value, &e.Value))
		*m = append(*m, e)
	}
	return wrong
}
