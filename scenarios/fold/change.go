package fold

import (
	"fmt"

	"signalbox/scenarios/expression"
	"signalbox/sources/state"
)

// change is one thing that a rule does to a field, or to a part of one.
type change struct {
	slot  int
	below []expression.Expression // the path below the field
	value expression.Expression   // none: there is no value
	check func(state.Value) error // of what value comes to; nil: it may be anything
	do    doing
}

// doing changes a field, or the part of it that path leads to.
type doing func(state *state.State, slot int, path []string, v state.Value)

func (c *change) compute(f *expression.Frame) (state.Value, error) {
	if c.value.IsZero() {
		return state.Value{}, nil
	}
	v, err := c.value.Eval(f)
	if v.Kind() == state.Tree || v.Kind() == state.List {
		v = copied(v)
	}
	if c.check != nil && err == nil && !f.Unknown {
		err = c.check(v)
	}
	return v, err
}

// copied is a value that shares no tree or list with the state, which changes those in place.
func copied(v state.Value) state.Value {
	switch v.Kind() {
	case state.Tree:
		tree := make(map[string]state.Value, len(v.Tree()))
		for name, x := range v.Tree() {
			tree[name] = copied(x)
		}
		return state.TreeValue(tree)
	case state.List:
		list := make([]state.Value, len(v.List()))
		for i, x := range v.List() {
			list[i] = copied(x)
		}
		return state.ListValue(list)
	}
	return v
}

// make makes the change.
func (c *change) make(f *expression.Frame, s *state.State, v state.Value) error {
	if len(c.below) == 0 {
		c.do(s, c.slot, nil, v)
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
		case state.Text, state.Int:
			path[i] = name.String()
		default:
			return fmt.Errorf("%s: want a name, have %q", x, name.String())
		}
	}
	c.do(s, c.slot, path, v)
	return nil
}
