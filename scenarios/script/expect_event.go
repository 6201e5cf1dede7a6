package script

import (
	"context"
	"fmt"
	"maps"
	"time"

	"signalbox/scenarios/scope"
	"signalbox/scenarios/values"
	"signalbox/sources"
)

// expectEvent waits for an event.
type expectEvent struct {
	event  values.Condition
	as     string
	within time.Duration
}

func (r *Reader) expectEvent(s ExpectSection, within time.Duration) (action, string, error) {
	event, err := r.Names.And(scope.EventParts...).Condition(s.Event)
	return &expectEvent{event: event, within: within}, "event " + event.String(), err
}

func (x *expectEvent) perform(ctx context.Context, p *Run) (string, error) {
	limited, cancel := context.WithTimeout(ctx, x.within)
	defer cancel()
	names := maps.Clone(p.names) // the engine may look once more when the step has ended
	event, err := p.engine.AwaitEvent(limited, p.start, func(e *sources.Event) bool {
		if p.hasMet(e.Number) {
			return false
		}
		ok, err := x.event.Holds(names, scope.EventNames(e))
		return ok && err == nil && limited.Err() == nil && p.meet(e.Number)
	})
	if err != nil && !timeIsOver(ctx, err) {
		return "", err
	}
	if err != nil {
		return "", &Failure{
			Expected: fmt.Sprintf("an event with %s within %s", x.event, x.within),
			Found:    fmt.Sprintf("none among the %d events since the script began", p.engine.Last()-p.start),
		}
	}
	if x.as != "" {
		p.names[x.as] = scope.EventNames(event)
	}
	return fmt.Sprintf("%s of %s", event.Type, event.Entity()), nil
}
