// Package fold is what events do to the states of entities: the rules of domains (Rule), and merging for events that no
// rule is for (Merge). What a rule does to one field is an operation; the table in operation.go names them all.
//
// A Rule, a Merge and a Kinds belong to one engine and are used on its goroutine only. They do not block, and allocate
// only for what outlives the event.
package fold

import (
	"errors"

	"signalbox/scenarios/expression"
	"signalbox/scenarios/scope"
	"signalbox/sources"
	"signalbox/sources/state"
)

// Rule is what one type of event does to the state of an entity. It implements sources.Fold.
type Rule struct {
	name    string
	kind    *state.Kind
	creates bool
	fails   []refusal
	rejects []refusal
	changes []change
	alone   sources.Fold       // for an entity that stands alone, of another kind
	data    *expression.Lookup // of all rules
	view    *scope.View        // and what they see
	frame   *expression.Frame
	values  []state.Value // what changes come to, while the rule is applied
}

// Name is the type of the events that the rule is for.
func (r *Rule) Name() string { return r.name }

// refusal is a reason and when it holds.
type refusal struct {
	reason string
	when   expression.Expression
}

// Apply implements sources.Fold. What a partial state lacks decides nothing: a refusal that depends on it does not hold,
// and a field that is computed from it stays as it is.
func (r *Rule) Apply(e *sources.Event, state *state.State) (string, error) {
	if state.Kind != r.kind {
		return r.alone.Apply(e, state)
	}
	f, v := r.frame, r.view
	v.Event, v.State = e, state
	v.Data.Reset(expression.View(body(e)), r.data)
	f.Begin()
	f.Partial = state.Partial
	for i := range r.fails {
		if holds, err := r.met(f, &r.fails[i].when); err != nil {
			return "", err
		} else if holds {
			return "", errors.New(r.fails[i].reason)
		}
	}
	for i := range r.rejects {
		if holds, err := r.met(f, &r.rejects[i].when); err != nil || holds {
			return r.rejects[i].reason, err
		}
	}
	return "", r.write(f)
}

// met computes a condition. One that depends on what is not known of the state does not hold, and the event is not judged.
func (r *Rule) met(f *expression.Frame, x *expression.Expression) (bool, error) {
	f.Unknown = false
	holds, err := x.Test(f)
	if f.Unknown {
		r.view.State.Unjudged = true
		return false, nil
	}
	return holds, err
}

// write computes all that the rule changes, then changes it. Of a state that may be out of date what is there is the best
// that is known.
func (r *Rule) write(f *expression.Frame) error {
	var unknown uint64
	for i := range r.changes {
		f.Unknown = false
		v, err := r.changes[i].compute(f)
		switch {
		case f.Unknown && (!r.view.State.Missed || err != nil || v.Kind() == state.Absent):
			unknown |= 1 << i
		case err != nil:
			return err
		}
		r.values[i] = v
	}
	s := r.view.State
	if r.creates {
		r.begin(s)
	}
	for i := range r.changes {
		if unknown&(1<<i) != 0 {
			continue
		}
		if err := r.changes[i].make(f, s, r.values[i]); err != nil {
			return err
		}
	}
	return nil
}

// begin takes away what the state had and the rule does not change.
func (r *Rule) begin(s *state.State) {
	for slot := range s.Len() {
		if !r.changesSlot(slot) {
			s.Set(slot, state.Value{})
		}
	}
	s.Partial, s.Missed = false, false
}

func (r *Rule) changesSlot(slot int) bool {
	for i := range r.changes {
		if r.changes[i].slot == slot {
			return true
		}
	}
	return false
}
