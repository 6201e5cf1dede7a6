package understand

import (
	"strings"
	"unsafe"

	"signalbox/scenarios/expression"
	"signalbox/sources"
	"signalbox/sources/state"
)

// generic understands events that no domain claims: it looks for the type, the entity and the correlation in the usual
// places. What it keeps is bounded, whatever is sent.
type generic struct {
	u       *Understanding
	types   map[string]string      // the names of types, each kept once
	kinds   map[string]*state.Kind // by the name of a field that holds an id, and by other hints
	made    int                    // kinds
	related []int                  // members of the payload that hold a correlation
	found   payloadMembers
	copies  []keptCopy // where applications keep their own copies of entities

	requests correlated
}

// What generic keeps at most.
const (
	maxTypes    = 4096
	maxKinds    = 1024
	maxHints    = 8192
	maxTypeName = 128 // bytes, also of a kind and an identity
)

// otherType is the type of an event when there are more types than are kept.
const otherType = "(other)"

func newGeneric(u *Understanding) generic {
	g := generic{u: u, types: map[string]string{}, kinds: map[string]*state.Kind{}}
	for _, name := range correlationFields {
		g.related = append(g.related, u.payload.Slot(name))
	}
	return g
}

// understand fills in what can be found.
func (g *generic) understand(e *sources.Event) {
	g.found = payloadMembers{}
	if g.copied(e) {
		return
	}
	if station := e.StationTraits(); station.Bucket != "" {
		g.bucket(e, station.Bucket)
		return
	}
	if !g.unreadable(e) {
		g.found.read(expression.View(e.Data))
		g.open(e)
	}
	g.findType(e)
	g.findEntity(e)
	e.Correlation = g.correlation(e)
	g.reply(e)
	if e.Kind != nil && e.Problem == "" {
		e.Fold = g.fold(e.Kind)
	}
}

// open looks into an envelope: EventsPype's, whose payload is JSON in a text, and CloudEvents'.
func (g *generic) open(e *sources.Event) {
	f := &g.found
	inner := ""
	switch {
	case f.member[eventTag] != "" && f.member[payload] != "":
		inner = jsonOf(expression.FromJSON(f.member[payload]))
	case f.member[specVersion] != "" && f.member[data] != "":
		inner = jsonOf(expression.FromJSON(f.member[data]))
	}
	if inner == "" {
		for _, nested := range []int{data, payload} {
			if strings.HasPrefix(f.member[nested], "{") {
				f.readIDs(f.member[nested])
			}
		}
		return
	}
	e.Body = unsafe.Slice(unsafe.StringData(inner), len(inner))
	f.ids = f.ids[:0]
	f.readIDs(inner)
}

// findType finds the type: in headers, in the payload, in the subject.
func (g *generic) findType(e *sources.Event) {
	name := e.Headers.First(typeHeaders)
	if name == "" {
		name = g.found.typeName()
	}
	switch {
	case name != "":
	case e.StationTraits().Keyed:
		name = g.operation(e)
	default:
		name = lastWord(e.Subject, g.found.names)
	}
	e.Type = g.typeName(name)
}

// typeName keeps the name of a type once; there is a bound to how many.
func (g *generic) typeName(name string) string {
	if kept, ok := g.types[name]; ok {
		return kept
	}
	if len(g.types) == maxTypes {
		g.u.tell(tooManyTypes)
		return otherType
	}
	short := clip(name, maxTypeName)
	if len(short) < len(name) {
		g.u.tell(longType)
		if kept, ok := g.types[short]; ok {
			return kept
		}
	}
	short = strings.Clone(short)
	g.types[short] = short
	return short
}

// fold is how an entity of a kind is folded: by merging, unless a domain has folded such entities by its own rules.
func (g *generic) fold(kind *state.Kind) sources.Fold {
	for _, c := range g.u.claims {
		if c.folded && c.kind == kind {
			return nil
		}
	}
	return g.u.kinds.Merging(kind)
}

// kind finds the kind that a hint means, or makes it; nil when there are too many.
func (g *generic) kind(hint string, named func(string) string) *state.Kind {
	if kind, ok := g.kinds[hint]; ok {
		return kind
	}
	name := clip(named(hint), maxTypeName)
	if name == "" {
		return nil
	}
	if len(g.kinds) == maxHints {
		g.u.tell(tooManyKinds)
		return nil
	}
	kind := g.u.kinds.Find(name)
	if kind == nil {
		if g.made == maxKinds {
			g.u.tell(tooManyKinds)
			return nil
		}
		g.made++
		kind = g.u.kinds.Kind(strings.Clone(name))
	}
	g.kinds[strings.Clone(hint)] = kind
	return kind
}

// findEntity finds the entity: an id in the payload, or in the subject.
func (g *generic) findEntity(e *sources.Event) {
	if subject := ceSubject(e, &g.found); subject != "" {
		if kind, id := lastID(subject); id != "" && g.belong(e, kind, id, singular) {
			return
		}
	}
	if name, id := g.found.bestID(e); id != "" && g.belong(e, name, id, KindOfField) {
		return
	}
	kind, id := subjectID(e.Subject)
	if own := g.found.ownID(); own != "" && (id == "" || kind == "") {
		if g.belong(e, g.found.hint(e), own, singular) {
			return
		}
	}
	if id != "" && g.found.member[eventTag] == "" { // whose channel ends in its tag, which may be a number
		g.belong(e, kind, id, singular)
	}
}

// belong makes e an event of an entity.
func (g *generic) belong(e *sources.Event, hint, id string, named func(string) string) bool {
	if e.StationTraits().Keyed { // the value of a key is not the entity that events of the same name fold
		hint, named = keyPattern(e.Subject), func(s string) string { return s }
	}
	kind := g.kind(hint, named)
	if len(id) > maxTypeName {
		g.u.tell(longIdentity)
		return false
	}
	if kind == nil {
		return false
	}
	e.Kind, e.ID = kind, id
	return true
}

// bucket understands the new value of a key in a bucket: the bucket is the kind, the key the id.
func (g *generic) bucket(e *sources.Event, name string) {
	e.Type = g.operation(e)
	e.ID = e.Subject
	if e.Kind = g.kind(name, strings.Clone); e.Kind != nil {
		e.Fold = g.u.kinds.Replacing(e.Kind)
	}
	if problem := g.problem(e); strings.HasPrefix(problem, "binary") {
		e.Problem, e.Undecodable, e.Fold = problem, true, nil
	}
	e.Correlation = g.correlation(e)
}
