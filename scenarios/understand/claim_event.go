package understand

import (
	"strconv"
	"strings"
	"unsafe"

	"signalbox/scenarios/expression"
	"signalbox/sources"
	"signalbox/sources/state"
)

// claimed fills in an event that a domain has a rule for.
func (u *Understanding) claimed(e *sources.Event, c *claim, r *rule) {
	c.folded = true
	e.Type, e.Fold = r.Name(), r.Rule
	u.body(e, c)
	id := &c.id
	if r.ownID {
		id = &r.id
	}
	e.ID = u.text(id)
	u.named(e, c)
	if e.Correlation = u.text(&c.correlation); e.Correlation == "" {
		e.Correlation = u.generic.correlation(e)
	}
	if c.join != nil {
		u.joined(e, c, r)
	}
	if e.ID == "" && len(e.Names) == 0 {
		e.Fold, e.Problem = nil, c.nameless
	} else {
		e.Kind = c.kind
	}
	if u.generic.unreadable(e) {
		e.Fold = nil
	}
}

// unruled fills in an event at a domain's own station that it has no rule for, when it belongs to one of its entities.
func (u *Understanding) unruled(e *sources.Event, c *claim, kind string) bool {
	id := u.text(&c.id)
	if id == "" {
		return false
	}
	e.Type, e.Kind, e.ID = u.generic.typeName(kind), c.kind, id
	u.body(e, c)
	switch {
	case c.noRule != nil:
		e.Fold = c.noRule
	case !u.generic.unreadable(e):
		e.Fold = u.kinds.Merging(c.kind)
	}
	e.Correlation = u.generic.correlation(e)
	return true
}

// body finds what the rules call data.
func (u *Understanding) body(e *sources.Event, c *claim) {
	u.view.Body = u.view.Payload.Raw()
	for i := range c.bodies {
		v, err := c.bodies[i].Eval(&u.frame)
		if raw := jsonOf(v); err == nil && raw != "" {
			if u.view.Body = raw; len(raw) < len(e.Data) {
				e.Body = unsafe.Slice(unsafe.StringData(raw), len(raw))
				if !u.view.Data.Ahead(raw) {
					u.view.Payload.Nest(&u.view.Data, &u.data, raw)
				}
			}
			return
		}
	}
}

// jsonOf is the JSON that a value is, or that a text holds.
func jsonOf(v state.Value) string {
	switch v.Kind() {
	case state.JSON:
		return v.Text()
	case state.Text:
		if raw := strings.TrimSpace(v.Text()); expression.IsJSON(raw) {
			return raw
		}
	}
	return ""
}

// named finds the other names of the entity.
func (u *Understanding) named(e *sources.Event, c *claim) {
	for i := range c.names {
		name := u.text(&c.names[i].of)
		if name == "" {
			continue
		}
		if i == c.alone {
			e.AloneKind, e.AloneID = c.aloneKind, name
		}
		from := len(u.scratch)
		u.scratch = append(append(u.scratch, c.names[i].prefix...), name...)
		u.names = append(u.names, expression.View(u.scratch[from:]))
	}
	e.Names = u.names
}

// text computes a name; "" when there is none.
func (u *Understanding) text(x *expression.Expression) string {
	if x.IsZero() {
		return ""
	}
	v, err := x.Eval(&u.frame)
	if err != nil {
		return ""
	}
	return u.word(v)
}

// word is a value as a name or type.
func (u *Understanding) word(v state.Value) string {
	switch v.Kind() {
	case state.Text:
		return v.Text()
	case state.Int:
		i, _ := v.Int()
		from := len(u.scratch)
		u.scratch = strconv.AppendInt(u.scratch, i, 10)
		return expression.View(u.scratch[from:])
	}
	return ""
}
