package understand

import (
	"errors"
	"slices"

	"signalbox/scenarios/expression"
	"signalbox/scenarios/file"
	"signalbox/scenarios/nearest"
	"signalbox/scenarios/scope"
	"signalbox/sources"
)

// Join says whose an event is that has no id, and nothing else that leads to an entity: it belongs to the entity of the
// event before it that has the same value of By.
type Join struct {
	By    file.Text  `yaml:"by"`    // expression over what Events sees, correlation and domain; absent: the event joins nothing
	Types file.Texts `yaml:"types"` // of the events that join; none: all that the domain has a rule for
	After file.Texts `yaml:"after"` // of the events that they join; none: all that the domain has a rule for
}

// joining is a Join for one engine. Whose the newest event of a value was is held as another name of that entity, so that
// what other names may take bounds it.
type joining struct {
	by           expression.Expression
	types, after []string
}

// bindJoin compiles the join of a domain.
func (d *Domain) bindJoin(u *Understanding, c *claim) error {
	section := d.Events.Join
	if section == nil {
		return nil
	}
	by, wrong := section.By.Compile(u.scope.With(map[string]expression.Name{
		"correlation": scope.Correlation(&u.view.Event), "domain": scope.Constant(d.Name),
	}))
	if section.By.Node == nil {
		wrong = file.Missing(d.Events.Type.Node, "join: want by, what an event has in common with the one before it: station, correlation, domain or an expression such as data.session")
	}
	c.join = &joining{by: by, types: section.Types.Values(), after: section.After.Values()}
	var types []string
	for _, rule := range d.Fold {
		types = append(types, rule.Name)
	}
	for _, named := range slices.Concat(section.Types, section.After) {
		if named.Node != nil && !slices.Contains(types, named.Value) {
			wrong = errors.Join(wrong, file.At(named.Node, "%s has no rule that folds the type %s%s", d.Name, named.Value, nearest.Hint(named.Value, types)))
		}
	}
	return wrong
}

// joined gives an event the name that leads from it to the event before it, or from those after it to it.
func (u *Understanding) joined(e *sources.Event, c *claim, r *rule) {
	j := c.join
	which := j.after
	if e.ID == "" {
		which = j.types
	}
	if len(which) > 0 && !slices.Contains(which, r.Name()) {
		return
	}
	by := u.text(&j.by)
	if by == "" {
		return
	}
	from := len(u.scratch)
	u.scratch = append(append(u.scratch, sources.JoinName...), c.domain...)
	u.scratch = append(append(u.scratch, 0), e.Bus...)
	u.scratch = append(append(u.scratch, 0), by...)
	u.names = append(u.names, expression.View(u.scratch[from:]))
	e.Names = u.names
}
