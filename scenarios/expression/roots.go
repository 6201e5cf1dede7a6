package expression

import (
	"time"

	"github.com/expr-lang/expr/types"

	"signalbox/sources"
)

// mapping is the type of an object with any members.
var mapping = types.TypeOf(map[string]any{})

// TimeForm is how expressions see a time: in UTC, so that the order of the texts is that of the times.
const TimeForm = "2006-01-02T15:04:05.000Z"

// Events is the scope of what tells whose an event is: data is the whole payload, whose members payload looks up, and
// body what the rules will call data.
func Events(payload *Lookup) *Scope {
	return message().with(map[string]root{
		"data": object(payload, true),
		"body": {whole: func(f *Frame) Value { return FromJSON(f.Body) }},
	})
}

// Rules is the scope of what an event does to a state of a kind.
func Rules(data *Lookup, kind *sources.Kind) *Scope {
	return message().with(map[string]root{
		"data":    object(data, false),
		"state":   state(kind),
		"version": {whole: (*Frame).version, kind: types.Int},
		"id":      words(func(f *Frame) string { return f.Event.ID }),
		"type":    words(func(f *Frame) string { return f.Event.Type }),
		"time":    words(func(f *Frame) string { return moment(f.Event.Time()) }),
	})
}

// EventFilters is the scope of filters over events: the names of an event's JSON.
func EventFilters(data *Lookup) *Scope {
	return message().with(map[string]root{
		"data":        object(data, false),
		"time":        words(func(f *Frame) string { return moment(f.Event.Time()) }),
		"bus":         words(func(f *Frame) string { return f.Event.Bus }),
		"position":    {whole: position},
		"type":        words(func(f *Frame) string { return f.Event.Type }),
		"entity":      {whole: entity, member: entityMember, kind: mapping},
		"version":     {whole: func(f *Frame) Value { return sources.IntValue(int64(f.Event.Version)) }, kind: types.Int},
		"correlation": maybe(func(f *Frame) string { return f.Event.Correlation }),
		"rejected":    maybe(func(f *Frame) string { return f.Event.Rejected }),
		"problem":     maybe(problem),
		"size":        {whole: func(f *Frame) Value { return sources.IntValue(int64(max(f.Event.Size, len(f.Event.Data)))) }, kind: types.Int},
		"age":         {whole: func(f *Frame) Value { return age(f, f.Event.Time()) }, kind: types.Float64},
	})
}

// EntityFilters is the scope of filters over entities.
func EntityFilters() *Scope {
	return &Scope{roots: map[string]root{
		"kind":     words(func(f *Frame) string { return f.Row.Kind }),
		"id":       words(func(f *Frame) string { return f.Row.ID }),
		"version":  {whole: func(f *Frame) Value { return sources.IntValue(int64(f.Row.Version)) }, kind: types.Int},
		"status":   maybe(func(f *Frame) string { return f.Row.Status }),
		"state":    {whole: row, member: rowMember, kind: mapping},
		"rejected": {whole: func(f *Frame) Value { return sources.IntValue(int64(f.Row.Rejected)) }, kind: types.Int},
		"partial":  {whole: func(f *Frame) Value { return sources.BoolValue(f.Row.Partial) }, kind: types.Bool},
		"age":      {whole: func(f *Frame) Value { return age(f, f.Row.First) }, kind: types.Float64},
		"idle":     {whole: func(f *Frame) Value { return age(f, f.Row.Touched) }, kind: types.Float64},
	}}
}

// message has the names of what the broker said.
func message() *Scope {
	return &Scope{roots: map[string]root{
		"headers": {whole: headers, member: header, kind: mapping},
		"subject": words(func(f *Frame) string { return f.Event.Subject }),
		"station": words(func(f *Frame) string { return f.Event.Station }),
	}}
}

// words is a text that is always there; maybe is one that is absent when it is empty.
func words(get func(*Frame) string) root {
	return root{whole: func(f *Frame) Value { return sources.TextValue(get(f)) }, kind: types.String}
}

func maybe(get func(*Frame) string) root {
	return root{whole: func(f *Frame) Value {
		if s := get(f); s != "" {
			return sources.TextValue(s)
		}
		return Value{}
	}}
}

// object is a document, the frame's Payload or its Data; one pass finds all members that expressions ask for.
func object(lookup *Lookup, payload bool) root {
	document := func(f *Frame) *Document {
		if payload {
			return &f.Payload
		}
		return &f.Data
	}
	return root{
		whole: func(f *Frame) Value { return document(f).Value() },
		member: func(name string) eval {
			slot := lookup.Slot(name)
			if payload {
				return func(f *Frame) Value { return f.Payload.Member(slot) }
			}
			return func(f *Frame) Value { return f.Data.Member(slot) }
		},
	}
}

func state(kind *sources.Kind) root {
	return root{
		whole: func(f *Frame) Value {
			if f.State.Partial {
				f.Unknown = true
			}
			tree := map[string]Value{}
			for name, x := range f.State.Map() {
				tree[name] = FromAny(x)
			}
			return sources.TreeValue(tree)
		},
		member: func(name string) eval {
			slot := kind.Slot(name)
			return func(f *Frame) Value { return f.field(slot) }
		},
		kind: mapping,
	}
}

func headers(f *Frame) Value {
	tree := make(map[string]Value, len(f.Event.Headers))
	for _, h := range f.Event.Headers {
		if _, have := tree[h.Name]; !have {
			tree[h.Name] = sources.TextValue(h.Value)
		}
	}
	return sources.TreeValue(tree)
}

func header(name string) eval {
	return func(f *Frame) Value {
		for i := range f.Event.Headers {
			if f.Event.Headers[i].Name == name {
				return sources.TextValue(f.Event.Headers[i].Value)
			}
		}
		return Value{}
	}
}

func entity(f *Frame) Value {
	if f.Event.Kind == nil {
		return Value{}
	}
	e := f.Event.Entity()
	return sources.TreeValue(map[string]Value{"kind": sources.TextValue(e.Kind), "id": sources.TextValue(e.ID)})
}

func entityMember(name string) eval {
	return func(f *Frame) Value {
		switch {
		case f.Event.Kind == nil:
		case name == "kind":
			return sources.TextValue(f.Event.Kind.Name())
		case name == "id":
			return sources.TextValue(f.Event.ID)
		}
		return Value{}
	}
}

func row(f *Frame) Value {
	tree := make(map[string]Value, len(f.Row.Fields)+1)
	for _, field := range f.Row.Fields {
		tree[field.Name] = field.Value
	}
	if f.Row.Status != "" {
		tree[sources.StatusField] = sources.TextValue(f.Row.Status)
	}
	return sources.TreeValue(tree)
}

func rowMember(name string) eval {
	return func(f *Frame) Value {
		for i := range f.Row.Fields {
			if f.Row.Fields[i].Name == name {
				return f.Row.Fields[i].Value
			}
		}
		if name == sources.StatusField && f.Row.Status != "" {
			return sources.TextValue(f.Row.Status)
		}
		return Value{}
	}
}

func position(f *Frame) Value {
	form, p := f.Event.StationTraits().Positions, f.Event.Position
	if p.IsZero() {
		return Value{}
	}
	if n, ok := form.Number(p); ok {
		return sources.IntValue(int64(n))
	}
	return sources.TextValue(form.Format(p))
}

func problem(f *Frame) string {
	if f.Event.Problem != "" {
		return f.Event.Problem
	}
	return f.Event.Failed
}

func moment(t time.Time) string { return t.UTC().Format(TimeForm) }

// age is how long ago a time was, in seconds.
func age(f *Frame, t time.Time) Value {
	now := f.Now
	if now == 0 {
		now = time.Now().UnixNano()
	}
	return sources.FloatValue(time.Duration(now - t.UnixNano()).Seconds())
}
