package script

import (
	"context"

	"signalbox/scenarios/file"
)

// What of drift and of violations is expected.
const (
	none = "none"
	some = "some"
)

// some reads whether some or none are expected.
func (s *ExpectSection) some(of file.Text) (bool, error) {
	switch {
	case of.Value != none && of.Value != some:
		return false, file.At(of.Node, "want none or some, have %q", of.Value)
	case of.Value == none && s.Never != nil:
		return false, file.At(s.Never, "never none would want some at every moment: want some, which never comes")
	}
	return of.Value == some, nil
}

// quantity says how many of something are expected.
func quantity(some bool, of string) string {
	if some {
		return of
	}
	return "no " + of
}

// judges is what a script expects of all entities, which can be told only where domains say what that is.
type judges struct{ drift, violations bool }

// Able says why an expectation of a script can never be told here, before anything is sent.
func (p *Run) Able(ctx context.Context, script *Script) error {
	if script.judges.drift && len(Copied(p.Truths, p.bus)) == 0 {
		return errNoCopies
	}
	if script.judges.violations {
		return p.hasInvariants(ctx)
	}
	return nil
}

// hasInvariants is an error where no domain says what is to hold always.
func (p *Run) hasInvariants(ctx context.Context) error {
	rows, err := p.engine.Violations(ctx)
	if err == nil && len(rows) == 0 {
		err = errNoInvariants
	}
	return err
}
