package scope

import (
	"time"

	"signalbox/scenarios/expression"
	"signalbox/sources"
	"signalbox/sources/state"
)

// TimeForm is how expressions see a time: in UTC, so that the order of the texts is that of the times.
const TimeForm = "2006-01-02T15:04:05.000Z"

func moment(t time.Time) string { return t.UTC().Format(TimeForm) }

// message has the names of what the broker said of the event that is at hand.
func message(event **sources.Event) *expression.Scope {
	return expression.NewScope(map[string]expression.Name{
		"headers": {
			Value:  func(*expression.Frame) state.Value { return headers(*event) },
			Member: func(name string) func(*expression.Frame) state.Value { return header(event, name) },
			Type:   expression.Object,
		},
		"subject": text(func() string { return (*event).Subject }),
		"station": text(func() string { return (*event).Station }),
	})
}

// text is a name of a text that is always there; maybe is one of a text that is absent when it is empty.
func text(get func() string) expression.Name {
	return expression.Name{Type: expression.Text, Value: func(*expression.Frame) state.Value { return state.TextValue(get()) }}
}

func maybe(get func() string) expression.Name {
	return expression.Name{Value: func(*expression.Frame) state.Value {
		if s := get(); s != "" {
			return state.TextValue(s)
		}
		return state.Value{}
	}}
}

// whole is a name of a whole number.
func whole(get func() int64) expression.Name {
	return expression.Name{Type: expression.Int, Value: func(*expression.Frame) state.Value { return state.IntValue(get()) }}
}

func headers(e *sources.Event) state.Value {
	tree := make(map[string]state.Value, len(e.Headers))
	for _, h := range e.Headers {
		if _, have := tree[h.Name]; !have {
			tree[h.Name] = state.TextValue(h.Value)
		}
	}
	return state.TreeValue(tree)
}

func header(event **sources.Event, name string) func(*expression.Frame) state.Value {
	return func(*expression.Frame) state.Value {
		for _, h := range (*event).Headers {
			if h.Name == name {
				return state.TextValue(h.Value)
			}
		}
		return state.Value{}
	}
}

// Correlation is the name of what ties the event at hand to others, once that is known.
func Correlation(event **sources.Event) expression.Name {
	return maybe(func() string { return (*event).Correlation })
}

// Constant is the name of a text that is always the same.
func Constant(value string) expression.Name { return text(func() string { return value }) }
