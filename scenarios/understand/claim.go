package understand

import (
	"errors"
	"slices"
	"strings"

	"signalbox/bus/glob"
	"signalbox/scenarios/expression"
	"signalbox/scenarios/file"
	"signalbox/scenarios/fold"
	"signalbox/scenarios/nearest"
	"signalbox/sources/state"
)

// claim is how one engine knows the events of a domain: by what they are told, whose they are, and what they do.
type claim struct {
	domain      string
	kind        *state.Kind
	states      []string // that the domain lists; none: those that rules lead to
	stations    []string
	keys        []string // likewise, globs of keys
	anywhere    bool
	typeOf      int // index of the expression in understanding.types
	id          expression.Expression
	names       []otherName
	alone       int         // index into names, or -1
	aloneKind   *state.Kind // the kind of an entity that stands alone
	bodies      []expression.Expression
	correlation expression.Expression
	join        *joining // nil: events without an id belong to no entity
	rules       map[string]*rule
	wires       []wire
	noRule      *fold.NoRule // nil: the domain has no rules at all, and entities are what their events say of them
	folded      bool         // it has had an event
	newest      *rule        // the last one found by its own name: events of one type often follow each other
	nameless    string
}

// rule is a rule of the domain, with where its entity's id is.
type rule struct {
	*fold.Rule
	id    expression.Expression // takes the place of the claim's
	ownID bool
}

// bindRule compiles a rule of the domain.
func (c *claim) bindRule(entry file.Entry[fold.Section], compiler *fold.Compiler, u *Understanding) (*rule, error) {
	section := &entry.Value
	compiled, wrong := compiler.Rule(entry.Name, section, c.kind)
	r := &rule{Rule: compiled, ownID: section.ID.Node != nil}
	var err error
	r.id, err = section.ID.Compile(u.scope)
	wrong = errors.Join(wrong, err)
	switch {
	case c.aloneKind == nil || c.aloneKind == c.kind:
	case section.Alone == nil:
		r.Alone(u.kinds.Merging(c.aloneKind))
	default:
		other := fold.Compiler{View: compiler.View, Frame: compiler.Frame, Data: compiler.Data}
		alone, err := other.Rule(entry.Name, section.Alone, c.aloneKind)
		wrong = errors.Join(wrong, err)
		r.Alone(alone)
	}
	return r, wrong
}

// otherName is one of the other names of an entity: "ballot:" and what follows.
type otherName struct {
	prefix string
	of     expression.Expression
}

// wire is a rule by a glob of the type as it is sent.
type wire struct {
	glob string
	rule *rule
}

// maxWires bounds the types as sent for which a claim remembers the rule.
const maxWires = 1024

// bind makes the claim of a domain for one engine.
func (d *Domain) bind(u *Understanding) (*claim, error) {
	c := &claim{domain: d.Name, kind: u.kinds.Kind(d.Entity), anywhere: d.Events.Anywhere || len(d.Events.Stations)+len(d.Events.Keys) == 0, alone: -1,
		rules: make(map[string]*rule, len(d.Fold))}
	if len(d.Fold) > 0 {
		c.noRule = &fold.NoRule{Domain: d.Name}
	}
	for _, glob := range d.Events.Stations {
		c.stations = append(c.stations, glob.Value)
	}
	for _, glob := range d.Events.Keys {
		c.keys = append(c.keys, glob.Value)
	}
	if d.Events.ID.Value != "" {
		c.nameless = "belongs to no " + d.Entity + ": " + d.Events.ID.Value + " is missing"
	}
	c.states = d.statuses()
	wrong := c.bindEvents(d, u)
	compiler := &fold.Compiler{View: &u.view, Frame: &u.frame, Data: &u.data, States: d.States.Values(), Always: d.Always}
	for _, entry := range d.Fold {
		r, err := c.bindRule(entry, compiler, u)
		wrong = errors.Join(wrong, err)
		c.rules[entry.Name] = r
		if glob := entry.Value.Wire.Value; glob != "" {
			c.wires = append(c.wires, wire{glob, r})
		}
	}
	return c, errors.Join(wrong, d.bindJoin(u, c), c.highlighted(d))
}

// highlighted checks that the field to highlight is one that rules know.
func (c *claim) highlighted(d *Domain) error {
	field := d.Highlight.Value
	if _, ok := c.kind.Find(field); ok || field == "" {
		return nil
	}
	var known []string
	for slot := range c.kind.Len() {
		known = append(known, c.kind.Field(slot))
	}
	return file.At(d.Highlight.Node, "no rule knows a field %s of %s%s", field, d.Entity, nearest.Hint(field, known))
}

// bindEvents compiles the events section.
func (c *claim) bindEvents(d *Domain, u *Understanding) error {
	var types, ids, correlations error
	c.typeOf, types = u.typeExpression(d.Events.Type)
	c.id, ids = d.Events.ID.Compile(u.scope)
	c.correlation, correlations = d.Events.Correlation.Compile(u.scope)
	wrong := errors.Join(types, ids, correlations)
	for i, name := range d.Events.Names {
		of, err := name.Value.Compile(u.scope)
		wrong = errors.Join(wrong, err)
		c.names = append(c.names, otherName{prefix: name.Name + ":", of: of})
		if name.Name == d.Events.Alone.Value {
			c.alone, c.aloneKind = i, u.kinds.Kind(name.Name)
		}
	}
	if c.alone < 0 && d.Events.Alone.Value != "" {
		wrong = errors.Join(wrong, file.At(d.Events.Alone.Node, "alone: want one of names, have %s", d.Events.Alone.Value))
	}
	for _, source := range d.Events.Data {
		x, err := source.Compile(u.scope)
		wrong = errors.Join(wrong, err)
		c.bodies = append(c.bodies, x)
	}
	return wrong
}

// rule finds the rule for a type as it was sent; nil when there is none.
func (c *claim) rule(kind string) *rule {
	if c.newest != nil && c.newest.Name() == kind {
		return c.newest
	}
	r := c.find(kind)
	if r != nil && r.Name() == kind {
		c.newest = r
	}
	return r
}

func (c *claim) find(kind string) *rule {
	if r, ok := c.rules[kind]; ok || len(c.wires) == 0 {
		return r
	}
	var found *rule
	for _, w := range c.wires {
		if glob.Match(w.glob, kind) {
			found = w.rule
			break
		}
	}
	if len(c.rules) < maxWires {
		c.rules[strings.Clone(kind)] = found
	}
	return found
}

// home tells whether all events of a station are the domain's.
func (c *claim) home(station string) bool {
	matches := func(pattern string) bool { return glob.Match(pattern, station) }
	return slices.ContainsFunc(c.stations, matches) || slices.ContainsFunc(c.keys, matches)
}
