package scope

import (
	"cmp"
	"time"

	"signalbox/scenarios/expression"
	"signalbox/sources"
)

// EventRow is an event of a list, which a filter looks at. It may have been held for long, so no name leads to its fold.
type EventRow struct {
	Event *sources.Event
	Data  expression.Document
}

// Scope has the names of an event's JSON.
func (r *EventRow) Scope(data *expression.Lookup) *expression.Scope {
	return message(&r.Event).With(map[string]expression.Name{
		"data":        expression.Members(&r.Data, data),
		"time":        text(func() string { return moment(r.Event.Time()) }),
		"bus":         text(func() string { return r.Event.Bus }),
		"position":    {Value: r.position},
		"type":        text(func() string { return r.Event.Type }),
		"entity":      {Value: r.entity, Member: r.entityMember, Type: expression.Object},
		"version":     whole(func() int64 { return int64(r.Event.Version) }),
		"correlation": maybe(func() string { return r.Event.Correlation }),
		"rejected":    maybe(func() string { return r.Event.Rejected }),
		"problem":     maybe(func() string { return cmp.Or(r.Event.Problem, r.Event.Failed) }),
		"size":        whole(func() int64 { return int64(max(r.Event.Size, len(r.Event.Data))) }),
		"age":         age(func() time.Time { return r.Event.Time() }),
	})
}

func (r *EventRow) entity(*expression.Frame) sources.Value {
	if r.Event.Kind == nil {
		return sources.Value{}
	}
	e := r.Event.Entity()
	return sources.TreeValue(map[string]sources.Value{"kind": sources.TextValue(e.Kind), "id": sources.TextValue(e.ID)})
}

func (r *EventRow) entityMember(name string) func(*expression.Frame) sources.Value {
	return func(*expression.Frame) sources.Value {
		switch {
		case r.Event.Kind == nil:
		case name == "kind":
			return sources.TextValue(r.Event.Kind.Name())
		case name == "id":
			return sources.TextValue(r.Event.ID)
		}
		return sources.Value{}
	}
}

func (r *EventRow) position(*expression.Frame) sources.Value {
	form, p := r.Event.StationTraits().Positions, r.Event.Position
	if p.IsZero() {
		return sources.Value{}
	}
	if n, ok := form.Number(p); ok {
		return sources.IntValue(int64(n))
	}
	return sources.TextValue(form.Format(p))
}

// EntityRow is an entity of a list, which a filter looks at.
type EntityRow struct{ Row *sources.EntityRow }

// Scope has the names of an entity's JSON, and how long ago it came and changed.
func (r *EntityRow) Scope() *expression.Scope {
	return expression.NewScope(map[string]expression.Name{
		"kind":     text(func() string { return r.Row.Kind }),
		"id":       text(func() string { return r.Row.ID }),
		"version":  whole(func() int64 { return int64(r.Row.Version) }),
		"status":   maybe(func() string { return r.Row.Status }),
		"state":    {Value: r.state, Member: r.field, Type: expression.Object},
		"rejected": whole(func() int64 { return int64(r.Row.Rejected) }),
		"partial":  {Value: func(*expression.Frame) sources.Value { return sources.BoolValue(r.Row.Partial) }, Type: expression.Bool},
		"age":      age(func() time.Time { return r.Row.First }),
		"idle":     age(func() time.Time { return r.Row.Touched }),
	})
}

func (r *EntityRow) state(*expression.Frame) sources.Value {
	tree := make(map[string]sources.Value, len(r.Row.Fields)+1)
	for _, field := range r.Row.Fields {
		tree[field.Name] = field.Value
	}
	if r.Row.Status != "" {
		tree[sources.StatusField] = sources.TextValue(r.Row.Status)
	}
	return sources.TreeValue(tree)
}

func (r *EntityRow) field(name string) func(*expression.Frame) sources.Value {
	return func(*expression.Frame) sources.Value {
		for i := range r.Row.Fields {
			if r.Row.Fields[i].Name == name {
				return r.Row.Fields[i].Value
			}
		}
		if name == sources.StatusField && r.Row.Status != "" {
			return sources.TextValue(r.Row.Status)
		}
		return sources.Value{}
	}
}

// age is how long ago a time was, in seconds.
func age(of func() time.Time) expression.Name {
	return expression.Name{Type: expression.Float, Value: func(*expression.Frame) sources.Value {
		return sources.FloatValue(time.Since(of()).Seconds())
	}}
}
