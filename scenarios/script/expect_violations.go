package script

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// noViolations is the expectation that nothing of this run has violated what domains say is to hold always.
const noViolations = "no violations"

// expectNoViolations looks at what has come so far: it waits for nothing.
type expectNoViolations struct{}

func (expectNoViolations) perform(ctx context.Context, p *Run) (string, error) {
	rows, err := p.engine.Violations(ctx)
	if err != nil {
		return "", err
	}
	if len(rows) == 0 {
		return "", errors.New("no domain says what is to hold always")
	}
	var found []string
	for _, row := range rows {
		for _, hit := range row.Events {
			if hit.Number > p.start {
				found = append(found, fmt.Sprintf("%q violated by %s of %s", row.Text, hit.Type, hit.Entity))
			}
		}
	}
	if len(found) > 0 {
		return "", &Failure{Expected: "no violations of what is to hold always", Found: strings.Join(found, "; ")}
	}
	return fmt.Sprintf("%d hold", len(rows)), nil
}
