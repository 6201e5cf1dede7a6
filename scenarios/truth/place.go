// Package truth compares what is folded of entities with the copies that their application keeps of them. It reads those
// by a capability of the bus, and changes nothing.
//
// A Check is used by one goroutine at a time. It waits for the engine, for the bus, and so that it does not ask too much.
package truth

import (
	"strings"

	"signalbox/bus"
)

// Place is where an application keeps its copies of the entities of a kind: under a path with the entity's ID in it.
type Place struct {
	Kind   string // of the entities
	Store  string // as bus.CopyReader.CopyStore names it
	Prefix string
	Suffix string
}

// ParsePlace reads a template, a text with one {id}; false when it is another.
func ParsePlace(kind, store, template string) (Place, bool) {
	prefix, suffix, ok := strings.Cut(template, "{id}")
	return Place{Kind: kind, Store: store, Prefix: prefix, Suffix: suffix}, ok && !strings.ContainsAny(prefix+suffix, "{}")
}

// On tells whether a bus has the place, and how it is read there.
func (p *Place) On(b bus.Bus) (bus.CopyReader, bool) {
	copies, ok := bus.As[bus.CopyReader](b)
	return copies, ok && copies.CopyStore() == p.Store
}

// Path is that of the copy of an entity.
func (p *Place) Path(id string) string { return p.Prefix + id + p.Suffix }

// ID is that of the entity whose copy has a path.
func (p *Place) ID(path string) string {
	return strings.TrimSuffix(strings.TrimPrefix(path, p.Prefix), p.Suffix)
}
