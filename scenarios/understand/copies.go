package understand

import (
	"strings"

	"signalbox/sources"
	"signalbox/sources/state"
)

// keptCopy is where an application keeps its own copy of each entity: under a key with the entity's ID in it. Such a
// key is not an entity of its own.
type keptCopy struct {
	prefix, suffix string
	kind           *state.Kind
}

// keptCopies reads a domain's truth; a template that is not made of text and one {id} cannot be recognised.
func (d *Domain) keptCopies(kind *state.Kind) []keptCopy {
	var all []keptCopy
	for _, at := range d.Truth {
		prefix, suffix, ok := strings.Cut(at.Value.Value, "{id}")
		if ok && !strings.Contains(suffix, "{") {
			all = append(all, keptCopy{prefix: prefix, suffix: suffix, kind: kind})
		}
	}
	return all
}

// copied recognises a write to an application's own copy: an event of the entity that changes nothing in its fold, and of
// none where nothing else is known of the entity.
func (g *generic) copied(e *sources.Event) bool {
	station := e.StationTraits()
	if !station.Keyed {
		return false
	}
	key := station.Path(e.Subject)
	for _, c := range g.copies {
		rest, ok := strings.CutPrefix(key, c.prefix)
		id, tail := strings.CutSuffix(rest, c.suffix)
		if !ok || !tail || id == "" {
			continue
		}
		e.Type = g.operation(e)
		e.Kind, e.ID, e.Follows, e.Copy = c.kind, id, true, true
		g.unreadable(e)
		return true
	}
	return false
}

// operation names what was done to a key.
func (g *generic) operation(e *sources.Event) string {
	name, _ := e.StationTraits().Done(e.Headers)
	return g.typeName(name)
}
