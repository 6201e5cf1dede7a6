package script

import (
	"context"
	"errors"
	"fmt"
	"time"

	"signalbox/sources"
)

// never expects that something holds at no moment of a time. Events count from the beginning of the run on, as they do for
// expectations: one may have come before the step.
type never struct {
	of     action // an expectation that waits as long
	text   string
	during time.Duration
}

func (x never) perform(ctx context.Context, p *Run) (string, error) {
	found, err := x.of.perform(ctx, p)
	if unmet := (*Failure)(nil); errors.As(err, &unmet) && !unmet.blind {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	failed := &Failure{Expected: fmt.Sprintf("never %s during %s", x.text, x.during), Found: found}
	if about, ok := x.of.(interface {
		about(p *Run) (sources.Entity, error)
	}); ok {
		failed.Entity, _ = about.about(p) // which was found a moment ago
	}
	return "", failed
}

func (x *expectEntity) about(p *Run) (sources.Entity, error) {
	return x.subject.entity(p.names, p.random)
}

func (x *expectRefusal) about(p *Run) (sources.Entity, error) {
	return x.subject.entity(p.names, p.random)
}
