package scenarios

import (
	"errors"
	"fmt"
	"strings"

	"signalbox/scenarios/expression"
	"signalbox/scenarios/scope"
	"signalbox/sources"
)

// rule is what one type of event does to the state of an entity. It implements sources.Fold.
type rule struct {
	name    string
	id      expression.Expression // takes the place of the claim's
	ownID   bool
	kind    *sources.Kind
	creates bool
	fails   []refusal
	rejects []refusal
	sets    []setting
	to      sources.Value
	status  string
	alone   sources.Fold       // for an entity that stands alone, of another kind
	data    *expression.Lookup // of all rules
	view    *scope.View        // and what they see
	frame   *expression.Frame
	values  []sources.Value // what sets come to, while the rule is applied
}

// refusal is a reason and when it holds.
type refusal struct {
	reason string
	when   expression.Expression
}

// setting is one field, or a part of one, and what it becomes.
type setting struct {
	slot  int
	below []expression.Expression // the path below the field
	value expression.Expression   // none: the field is removed
}

// Apply implements sources.Fold. What a partial state lacks decides nothing: a refusal that depends on it does not hold,
// and a field that is computed from it stays as it is.
func (r *rule) Apply(e *sources.Event, state *sources.State) (string, error) {
	if state.Kind != r.kind {
		return r.alone.Apply(e, state)
	}
	f, v := r.frame, r.view
	v.Event, v.State = e, state
	body := e.Data
	if e.Body != nil {
		body = e.Body
	}
	v.Data.Reset(expression.View(body), r.data)
	f.Begin()
	for i := range r.fails {
		if holds, err := met(f, &r.fails[i].when); err != nil {
			return "", err
		} else if holds {
			return "", errors.New(r.fails[i].reason)
		}
	}
	for i := range r.rejects {
		if holds, err := met(f, &r.rejects[i].when); err != nil || holds {
			return r.rejects[i].reason, err
		}
	}
	return "", r.write(f)
}

// met computes a condition.
func met(f *expression.Frame, x *expression.Expression) (bool, error) {
	f.Unknown = false
	holds, err := x.Test(f)
	if f.Unknown {
		return false, nil
	}
	return holds, err
}

// maxSets bounds what one rule sets and unsets.
const maxSets = 64

// write computes all that the rule sets, then sets it.
func (r *rule) write(f *expression.Frame) error {
	var unknown uint64
	for i := range r.sets {
		f.Unknown = false
		v, err := r.sets[i].compute(f)
		switch {
		case f.Unknown:
			unknown |= 1 << i
		case err != nil:
			return err
		}
		r.values[i] = v
	}
	if r.creates {
		r.begin(r.view.State)
	}
	for i := range r.sets {
		if unknown&(1<<i) != 0 {
			continue
		}
		if err := r.sets[i].put(f, r.view.State, r.values[i]); err != nil {
			return err
		}
	}
	if r.status != "" {
		r.view.State.Set(0, r.to)
	}
	return nil
}

// begin takes away what the state had and the rule does not set.
func (r *rule) begin(state *sources.State) {
	for slot := range state.Len() {
		if !r.setsSlot(slot) {
			state.Set(slot, sources.Value{})
		}
	}
	state.Partial = false
}

func (r *rule) setsSlot(slot int) bool {
	for i := range r.sets {
		if r.sets[i].slot == slot {
			return true
		}
	}
	return slot == 0 && r.status != ""
}

func (s *setting) compute(f *expression.Frame) (sources.Value, error) {
	if s.value.IsZero() {
		return sources.Value{}, nil
	}
	return s.value.Eval(f)
}

// put sets the field. What lies below a field outlives the event, so it is copied.
func (s *setting) put(f *expression.Frame, state *sources.State, v sources.Value) error {
	if len(s.below) == 0 {
		state.Set(s.slot, v)
		return nil
	}
	path := make([]string, len(s.below))
	for i := range s.below {
		x := &s.below[i]
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
	state.SetIn(s.slot, path, owned(v))
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
