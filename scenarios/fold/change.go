package fold

import (
	"fmt"
	"strings"

	"signalbox/scenarios/expression"
	"signalbox/sources"
)

// change is one thing that a rule does to a field, or to a part of one.
type change struct {
	slot  int
	below []expression.Expression // the path below the field
	value expression.Expression   // none: there is no value
	do    doing
}

// doing changes a field, or the part of it that path leads to. Below a path v shares no memory with the event; without
// one the state copies it.
type doing func(state *sources.State, slot int, path []string, v sources.Value)

func (c *change) compute(f *expression.Frame) (sources.Value, error) {
	if c.value.IsZero() {
		return sources.Value{}, nil
	}
	return c.value.Eval(f)
}

// make makes the change. What lies below a field outlives the event, so it is copied.
func (c *change) make(f *expression.Frame, state *sources.State, v sources.Value) error {
	if len(c.below) == 0 {
		c.do(state, c.slot, nil, v)
		return nil
	}
	path := make([]string, len(c.below))
	for i := range c.below {
		x := &c.below[i]
		f.Unknown = false
		name, err := x.Eval(f)
		if err != nil {
			return err
		}
		switch name.Kind() {
		case sources.Text, sources.Int:
			path[i] = strings.Clone(name.String())
		default:
			return fmt.Errorf("%s: want a name, have %q", x, name.String())
		}
	}
	c.do(state, c.slot, path, owned(v))
	return nil
}

// owned is a value that shares no memory with the event.
func owned(v sources.Value) sources.Value {
	switch v.Kind() {
	case sources.Text:
		return sources.TextValue(strings.Clone(v.Text()))
	case sources.JSON:
		return sources.JSONValue(strings.Clone(v.Text()))
	}
	return v
}
