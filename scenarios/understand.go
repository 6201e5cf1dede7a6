package scenarios

import (
	"strconv"
	"strings"
	"unsafe"

	"signalbox/scenarios/expression"
	"signalbox/sources"
)

// understanding implements sources.Domains for one engine.
type understanding struct {
	claims  []*claim
	kinds   map[string]*sources.Kind
	merges  map[*sources.Kind]*merge
	plans   map[string][]candidate // by station: the claims in question
	payload expression.Lookup
	scope   *expression.Scope
	frame   expression.Frame
	types   []typeQuestion
	serial  uint64 // of the event
	scratch []byte // for texts of this event
	names   []string
	generic generic
}

// typeQuestion is an expression for an event's type, asked once for all claims that have the same.
type typeQuestion struct {
	of     expression.Expression
	serial uint64 // the event it was asked about last
	answer string
}

// candidate is a claim that may have events at a station.
type candidate struct {
	*claim
	home bool // all events there are its own
}

// maxPlans bounds the stations whose candidates are remembered.
const maxPlans = 4096

// newUnderstanding binds domains that have been checked.
func newUnderstanding(domains []*domain) *understanding {
	u := &understanding{kinds: map[string]*sources.Kind{}, merges: map[*sources.Kind]*merge{}, plans: map[string][]candidate{}}
	u.scope = expression.Events(&u.payload)
	u.generic = newGeneric(u)
	for _, d := range domains {
		c, err := d.bind(u)
		if err != nil {
			panic("domain " + d.name + " was checked, but: " + err.Error())
		}
		u.claims = append(u.claims, c)
	}
	return u
}

// kind finds a kind of entity, or makes it.
func (u *understanding) kind(name string) *sources.Kind {
	k := u.kinds[name]
	if k == nil {
		k = sources.NewKind(name)
		u.kinds[name] = k
	}
	return k
}

// merging is the fold by merging for a kind.
func (u *understanding) merging(kind *sources.Kind) *merge {
	m := u.merges[kind]
	if m == nil {
		m = &merge{kind: kind, slots: map[string]int{}}
		m.replacing.merge = m
		u.merges[kind] = m
	}
	return m
}

// typeExpression finds the question that an expression asks, or adds it.
func (u *understanding) typeExpression(source text) (int, error) {
	for i := range u.types {
		if u.types[i].of.String() == source.string {
			return i, nil
		}
	}
	x, err := source.compile(u.scope)
	u.types = append(u.types, typeQuestion{of: x})
	return len(u.types) - 1, err
}

// Understand implements sources.Domains.
func (u *understanding) Understand(e *sources.Event) {
	u.serial++
	u.scratch, u.names = u.scratch[:0], u.names[:0]
	u.frame.Event = e
	u.frame.Payload.Reset(expression.View(e.Data), &u.payload)
	for _, c := range u.candidates(e.Station) {
		kind := u.typeOf(c.typeOf)
		if kind == "" {
			continue
		}
		if r := c.rule(kind); r != nil && (c.home || c.anywhere) {
			u.claimed(e, c.claim, r)
			return
		}
		if c.home && u.strange(e, c.claim, kind) {
			return
		}
	}
	u.generic.understand(e)
}

// candidates lists the claims in question at a station, those at home there first.
func (u *understanding) candidates(station string) []candidate {
	plan, ok := u.plans[station]
	if ok {
		return plan
	}
	for _, home := range []bool{true, false} {
		for _, c := range u.claims {
			if c.home(station) == home && (home || c.anywhere) {
				plan = append(plan, candidate{c, home})
			}
		}
	}
	if len(u.plans) == maxPlans {
		clear(u.plans)
	}
	u.plans[strings.Clone(station)] = plan
	return plan
}

// typeOf asks for the type of the event in hand.
func (u *understanding) typeOf(i int) string {
	q := &u.types[i]
	if q.serial != u.serial {
		q.serial, q.answer = u.serial, ""
		if v, err := q.of.Eval(&u.frame); err == nil {
			q.answer = u.word(v)
		}
	}
	return q.answer
}

// claimed fills in an event that a domain has a rule for.
func (u *understanding) claimed(e *sources.Event, c *claim, r *rule) {
	c.folded = true
	e.Type, e.Fold = r.name, r
	u.body(e, c)
	id := c.id
	if r.ownID {
		id = r.id
	}
	e.ID = u.ask(id)
	u.named(e, c)
	if e.ID == "" && len(e.Names) == 0 {
		e.Fold, e.Problem = nil, c.nameless
	} else {
		e.Kind = c.kind
	}
	if e.Correlation = u.ask(c.correlation); e.Correlation == "" {
		e.Correlation = u.generic.correlation(e)
	}
	if problem := u.generic.problem(e); problem != "" {
		e.Problem, e.Fold = problem, nil
	}
}

// strange fills in an event at a domain's own station that it has no rule for, when it belongs to one of its entities.
func (u *understanding) strange(e *sources.Event, c *claim, kind string) bool {
	id := u.ask(c.id)
	if id == "" {
		return false
	}
	e.Type, e.Fold, e.Kind, e.ID = u.generic.typeName(kind), c.stranger, c.kind, id
	u.body(e, c)
	e.Correlation = u.generic.correlation(e)
	return true
}

// body finds what the rules call data.
func (u *understanding) body(e *sources.Event, c *claim) {
	u.frame.Body = u.frame.Payload.Raw()
	for _, x := range c.bodies {
		v, err := x.Eval(&u.frame)
		if raw := jsonOf(v); err == nil && raw != "" {
			if u.frame.Body = raw; len(raw) < len(e.Data) {
				e.Body = unsafe.Slice(unsafe.StringData(raw), len(raw))
			}
			return
		}
	}
}

// jsonOf is the JSON that a value is, or that a text holds.
func jsonOf(v sources.Value) string {
	switch v.Kind() {
	case sources.JSON:
		return v.Text()
	case sources.Text:
		if raw := strings.TrimSpace(v.Text()); expression.IsJSON(raw) {
			return raw
		}
	}
	return ""
}

// named finds the other names of the entity.
func (u *understanding) named(e *sources.Event, c *claim) {
	for i := range c.names {
		name := u.ask(c.names[i].of)
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

// ask computes a name; "" when there is none.
func (u *understanding) ask(x expression.Expression) string {
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
func (u *understanding) word(v sources.Value) string {
	switch v.Kind() {
	case sources.Text:
		return v.Text()
	case sources.Int:
		i, _ := v.Int()
		from := len(u.scratch)
		u.scratch = strconv.AppendInt(u.scratch, i, 10)
		return expression.View(u.scratch[from:])
	}
	return ""
}
