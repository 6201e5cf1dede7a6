package script

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"signalbox/scenarios/file"
	"signalbox/sources"
)

// expectViolations expects that nothing of this run has violated what domains say is to hold always, for which it waits for nothing,
// or that something does.
type expectViolations struct {
	some   bool
	within time.Duration // 0: by what has come so far
}

// errNoInvariants is why nothing can be said of violations.
var errNoInvariants = errors.New("no domain says what is to hold always: write that below always")

func (r *Reader) expectViolations(s ExpectSection, within time.Duration) (action, string, error) {
	r.judges.violations = true
	some, err := s.some(s.Violations)
	if s.Within != nil && !some {
		err = errors.Join(err, file.At(s.Within, "what was violated stays so: within is for violations: some"))
	}
	if !some {
		within = 0
	}
	return expectViolations{some, within}, quantity(some, "violations"), err
}

func (x expectViolations) perform(ctx context.Context, p *Run) (string, error) {
	if err := p.hasInvariants(ctx); err != nil {
		return "", err
	}
	expected := "no violations of what is to hold always"
	if x.some {
		expected = fmt.Sprintf("a violation of what is to hold always within %s", x.within)
	}
	last, err := poll(ctx, x.within, func(ctx context.Context) seen {
		rows, err := p.engine.Violations(ctx)
		if err != nil {
			return seen{text: err.Error(), blind: true}
		}
		return x.look(rows, p.start)
	})
	return outcome(last, err, expected)
}

// look tells what was violated by events after a number.
func (x expectViolations) look(rows []sources.BreakRow, after uint64) seen {
	var found []string
	for _, row := range rows {
		for _, hit := range row.Events {
			if hit.Number > after {
				found = append(found, fmt.Sprintf("%q violated by %s of %s", row.Text, hit.Type, hit.Entity))
			}
		}
	}
	now := seen{text: fmt.Sprintf("%d hold", len(rows)), met: x.some == (len(found) > 0)}
	if len(found) > 0 {
		now.text = strings.Join(found, "; ")
	}
	return now
}
