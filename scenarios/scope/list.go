package scope

import (
	"cmp"
	"time"

	"signalbox/scenarios/expression"
	"signalbox/sources"
	"signalbox/sources/state"
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
		"partial":     {Value: func(*expression.Frame) state.Value { return state.BoolValue(r.Event.Partial) }, Type: expression.Bool},
		"unjudged":    {Value: func(*expression.Frame) state.Value { return state.BoolValue(r.Event.Unjudged) }, Type: expression.Bool},
		"correlation": maybe(func() string { return r.Event.Correlation }),
		"rejected":    maybe(func() string { return r.Event.Rejected }),
		"problem":     maybe(func() string { return cmp.Or(r.Event.Problem, r.Event.Failed) }),
		"size":        whole(func() int64 { return int64(max(r.Event.Size, len(r.Event.Data))) }),
		"age":         age(func() time.Time { return r.Event.Time() }),
		"took":        {Value: r.took},
		"state":       r.stateThen(after),
		"before":      r.stateThen(before),
		"changed":     {Value: r.changes, Member: r.changed, Type: expression.Truths, States: true},
	})
}

func (r *EventRow) entity(*expression.Frame) state.Value {
	if r.Event.Kind == nil {
		return state.Value{}
	}
	e := r.Event.Entity()
	return state.TreeValue(map[string]state.Value{"kind": state.TextValue(e.Kind), "id": state.TextValue(e.ID)})
}

func (r *EventRow) entityMember(name string) func(*expression.Frame) state.Value {
	return func(*expression.Frame) state.Value {
		switch {
		case r.Event.Kind == nil:
		case name == "kind":
			return state.TextValue(r.Event.Kind.Name())
		case name == "id":
			return state.TextValue(r.Event.ID)
		}
		return state.Value{}
	}
}

// took is in seconds, as an age is; what is no reply has none.
func (r *EventRow) took(*expression.Frame) state.Value {
	took, reply := r.Event.Took()
	if !reply {
		return state.Value{}
	}
	return state.FloatValue(took.Seconds())
}

func (r *EventRow) position(*expression.Frame) state.Value {
	form, p := r.Event.StationTraits().Positions, r.Event.Position
	if p.IsZero() {
		return state.Value{}
	}
	if n, ok := form.Number(p); ok {
		return state.IntValue(int64(n))
	}
	return state.TextValue(form.Format(p))
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
		"partial":  {Value: func(*expression.Frame) state.Value { return state.BoolValue(r.Row.Partial) }, Type: expression.Bool},
		"age":      age(func() time.Time { return r.Row.First }),
		"idle":     age(func() time.Time { return r.Row.Touched }),
	})
}

func (r *EntityRow) state(*expression.Frame) state.Value {
	tree := make(map[string]state.Value, len(r.Row.Fields)+1)
	for _, field := range r.Row.Fields {
		tree[field.Name] = field.Value
	}
	if r.Row.Status != "" {
		tree[state.StatusField] = state.TextValue(r.Row.Status)
	}
	return state.TreeValue(tree)
}

func (r *EntityRow) field(name string) func(*expression.Frame) state.Value {
	return func(*expression.Frame) state.Value {
		for i := range r.Row.Fields {
			if r.Row.Fields[i].Name == name {
				return r.Row.Fields[i].Value
			}
		}
		if name == state.StatusField && r.Row.Status != "" {
			return state.TextValue(r.Row.Status)
		}
		return state.Value{}
	}
}

// age is how long ago a time was, in seconds.
func age(of func() time.Time) expression.Name {
	return expression.Name{Type: expression.Float, Ages: true, Value: func(*expression.Frame) state.Value {
		return state.FloatValue(time.Since(of()).Seconds())
	}}
}
