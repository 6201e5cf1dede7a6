// Package scope is what expressions can name: of an event while it is understood and folded, of an event or an entity in a
// list, and of what a script has sent and waits for. An expression knows a scope's names only; what they read is set by
// the owner of the view before the expression is computed.
//
// A view, the scopes made of it and what they compiled are for one goroutine at a time.
package scope

import (
	"signalbox/scenarios/expression"
	"signalbox/sources"
	"signalbox/sources/state"
)

// View is the event that is understood and folded, and the state that it is folded into.
type View struct {
	Event   *sources.Event
	State   *state.State
	Payload expression.Document // the whole payload
	Data    expression.Document // what the rules call data
	Body    string              // what the expressions of events call body
}

// Events is the scope of what tells whose an event is: data is the whole payload, whose members payload looks up, and
// body what the rules will call data. time is when the broker stored the event, or when it came where the broker does not say.
func (v *View) Events(payload *expression.Lookup) *expression.Scope {
	return message(&v.Event).With(map[string]expression.Name{
		"data": expression.Members(&v.Payload, payload),
		"body": {Value: func(*expression.Frame) state.Value { return expression.FromJSON(v.Body) }},
		"time": text(func() string { return moment(v.Event.Time()) }),
	})
}

// Rules is the scope of what an event does to a state of a kind.
func (v *View) Rules(data *expression.Lookup, kind *state.Kind) *expression.Scope {
	return message(&v.Event).With(map[string]expression.Name{
		"data":    expression.Members(&v.Data, data),
		"state":   {Value: v.state, Member: v.field(kind, true), Below: v.field(kind, false), Type: expression.Object},
		"version": {Value: v.version, Type: expression.Int},
		"id":      text(func() string { return v.Event.ID }),
		"type":    text(func() string { return v.Event.Type }),
		"time":    text(func() string { return moment(v.Event.Time()) }),
	})
}

// state is all of the state, of which a partial one does not know everything.
func (v *View) state(f *expression.Frame) state.Value {
	if v.State.Partial {
		f.Unknown = true
	}
	tree := map[string]state.Value{}
	for name, x := range v.State.Map() {
		tree[name] = expression.FromAny(x)
	}
	return state.TreeValue(tree)
}

// field finds how one field of the state is read: all of it, or something below it.
func (v *View) field(kind *state.Kind, whole bool) func(string) func(*expression.Frame) state.Value {
	return func(name string) func(*expression.Frame) state.Value {
		slot := kind.Slot(name)
		return func(f *expression.Frame) state.Value {
			x := v.State.Get(slot)
			if v.State.Partial && (v.State.Missed || x.Kind() == state.Absent || whole && x.Kind() == state.Tree) {
				f.Unknown = true
			}
			return x
		}
	}
}

// version is how many events the state has accepted, which a partial one does not know.
func (v *View) version(f *expression.Frame) state.Value {
	if v.State.Partial {
		f.Unknown = true
	}
	return state.IntValue(int64(v.State.Version))
}
