package cli

import (
	"strings"
	"time"

	"signalbox/sources"
	"signalbox/ui/output"
)

// stepTimes are how long entities took from one event to the next, by the types of both. An event is used again, and so no key of
// these maps is set twice: that would keep the newer text.
type stepTimes struct {
	of   map[stepName]*output.Step
	last map[sources.Entity]*lastStep
}

// stepName is a step of entities of a kind: from an event of one type to one of another.
type stepName struct{ kind, before, after string }

type lastStep struct {
	what string
	nano int64
}

func (s *stepTimes) take(e *sources.Event) {
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
