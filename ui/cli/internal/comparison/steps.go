package comparison

import (
	"strings"
	"time"

	"signalbox/sources"
	"signalbox/ui/output"
)

// Steps are how long entities took from one event to the next, by the types of both. An event is used again, and so no key of
// these maps is set twice: that would keep the newer text.
type Steps struct {
	of   map[stepName]*output.Step
	last map[sources.Entity]*lastStep
}

// stepName is a step of entities of a kind: from an event of one type to one of another.
type stepName struct{ kind, before, after string }

type lastStep struct {
	what string
	nano int64
}

// NewSteps begins with none.
func NewSteps() *Steps {
	return &Steps{of: map[stepName]*output.Step{}, last: map[sources.Entity]*lastStep{}}
}

// Take takes in an event.
func (s *Steps) Take(e *sources.Event) {
	entity := e.Entity()
	if entity.IsZero() {
		return
	}
	last := s.last[entity]
	if last == nil {
		s.last[sources.Entity{Kind: strings.Clone(entity.Kind), ID: strings.Clone(entity.ID)}] = &lastStep{strings.Clone(e.Type), e.UnixNano}
		return
	}
	name := stepName{entity.Kind, last.what, e.Type}
	step := s.of[name]
	if step == nil {
		step = &output.Step{}
		s.of[stepName{strings.Clone(name.kind), name.before, strings.Clone(name.after)}] = step
	}
	step.Times++
	step.Sum += time.Duration(e.UnixNano - last.nano)
	if last.nano = e.UnixNano; last.what != e.Type {
		last.what = strings.Clone(e.Type)
	}
}

// All are the steps by their names: the kind, and the types of both events.
func (s *Steps) All() map[string]output.Step {
	all := make(map[string]output.Step, len(s.of))
	for name, step := range s.of {
		all[name.kind+": "+name.before+" > "+name.after] = *step
	}
	return all
}
