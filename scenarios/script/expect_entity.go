package script

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"signalbox/scenarios/scope"
	"signalbox/scenarios/values"
	"signalbox/sources"
)

// expectEntity waits until an entity is as it should be.
type expectEntity struct {
	subject subject
	that    values.Condition
	within  time.Duration
}

func (r *Reader) expectEntity(s ExpectSection, within time.Duration) (action, string, error) {
	subject, wrong := r.subject(s.Entity)
	that, err := r.Names.And(scope.EntityParts...).Condition(s.That)
	return &expectEntity{subject, that, within}, fmt.Sprintf("%s: %s", subject, that), errors.Join(wrong, err)
}

func (x *expectEntity) perform(ctx context.Context, p *Run) (string, error) {
	entity, err := x.subject.entity(p.names, p.random)
	if err != nil {
		return "", err
	}
	limited, cancel := context.WithTimeout(ctx, x.within)
	defer cancel()
	names := maps.Clone(p.names) // the engine may look once more when the step has ended
	detail, err := p.await(limited, entity, func(d *sources.EntityDetail) bool {
		ok, err := x.that.Holds(names, scope.EntityNames(d))
		return ok && err == nil
	})
	if err == nil {
		return describe(detail), nil
	}
	if !timeIsOver(ctx, err) {
		return "", err
	}
	if detail, err = p.found(ctx, entity, detail); err != nil {
		return "", err
	}
	found := describe(detail)
	if detail != nil {
		if _, err := x.that.Holds(p.names, scope.EntityNames(detail)); err != nil {
			found += fmt.Sprintf("; it cannot be computed: %v", err)
		}
	}
	return "", &Failure{Expected: fmt.Sprintf("%s of %s within %s", x.that, entity, x.within), Found: found, Entity: entity}
}

// expectRefusal waits for an event of an entity that was refused.
type expectRefusal struct {
	reason  values.Value
	subject subject
	within  time.Duration
}

func (r *Reader) expectRefusal(s ExpectSection, within time.Duration) (action, string, error) {
	subject, wrong := r.subject(s.Entity)
	reason, err := r.Names.Value(s.Rejected)
	return &expectRefusal{reason, subject, within}, fmt.Sprintf("%s: rejected %q", subject, reason.Written), errors.Join(wrong, err)
}

func (x *expectRefusal) perform(ctx context.Context, p *Run) (string, error) {
	entity, err := x.subject.entity(p.names, p.random)
	if err != nil {
		return "", err
	}
	reason, err := x.reason.Fill(p.names, p.random)
	if err != nil {
		return "", err
	}
	limited, cancel := context.WithTimeout(ctx, x.within)
	defer cancel()
	detail, err := p.await(limited, entity, func(d *sources.EntityDetail) bool { return limited.Err() == nil && p.meetRefusal(d, reason) })
	if err == nil {
		return describe(detail), nil
	}
	if !timeIsOver(ctx, err) {
		return "", err
	}
	if detail, err = p.found(ctx, entity, detail); err != nil {
		return "", err
	}
	return "", &Failure{
		Expected: fmt.Sprintf("an event of %s to be rejected with %q within %s", entity, reason, x.within),
		Found:    p.refusals(detail) + describe(detail),
		Entity:   entity,
	}
}

// meetRefusal has the first event of this run that was refused for a reason meet an expectation, and tells whether there is one that
// has met none.
func (p *Run) meetRefusal(d *sources.EntityDetail, reason string) bool {
	for _, step := range d.History {
		if step.Number > p.start && !sources.IsEarlier(step.Number) && step.Rejected == reason && p.meet(step.Number) {
			return true
		}
	}
	return false
}

// refusals says what was refused in this run.
func (p *Run) refusals(d *sources.EntityDetail) string {
	if d == nil {
		return ""
	}
	var out []string
	for _, step := range d.History {
		if step.Number <= p.start || step.Rejected == "" {
			continue
		}
		text := fmt.Sprintf("%s rejected with %q", step.Type, step.Rejected)
		if p.hasMet(step.Number) {
			text += " (which was expected before)"
		}
		out = append(out, text)
	}
	if len(out) == 0 {
		return "nothing rejected; "
	}
	return strings.Join(out, ", ") + "; "
}
