package scenarios

import (
	"strings"

	"signalbox/bus"
	"signalbox/sources"
)

// keptCopy is where an application keeps its own copy of each entity: under a key with the entity's ID in it. Such a
// key is not an entity of its own.
type keptCopy struct {
	prefix, suffix string
	kind           *sources.Kind
}

// keptCopies reads a domain's truth; a template that is not made of text and one {id} cannot be recognised.
func (d *domain) keptCopies(kind *sources.Kind) []keptCopy {
	var all []keptCopy
	for _, at := range d.Truth {
		prefix, suffix, ok := strings.Cut(at.Value.Value, "{id}")
		if ok && !strings.Contains(suffix, "{") {
			all = append(all, keptCopy{prefix: prefix, suffix: suffix, kind: kind})
		}
	}
	return all
}

// copied recognises a write to an application's own copy: an event of the entity that changes nothing in its fold.
func (g *generic) copied(e *sources.Event) bool {
	if e.Source != bus.Bucket && e.Source != bus.Keys {
		return false
	}
	for _, c := range g.copies {
		key := e.Subject
		if e.Source == bus.Bucket {
			name := strings.TrimPrefix(e.Station, "KV_")
			key = name + "/" + strings.TrimPrefix(key, "$KV."+name+".")
		}
		rest, ok := strings.CutPrefix(key, c.prefix)
		id, tail := strings.CutSuffix(rest, c.suffix)
		if !ok || !tail || id == "" {
			continue
		}
		e.Type = operationOn(e, g)
		e.Kind, e.ID = c.kind, id
		e.Problem = g.problem(e)
		return true
	}
	return false
}

// operationOn names what was done to a key.
func operationOn(e *sources.Event, g *generic) string {
	if operation := e.Headers.Get("KV-Operation"); operation != "" {
		return g.typeName(operation)
	}
	if e.Source == bus.Keys {
		return "SET"
	}
	return "PUT"
}
