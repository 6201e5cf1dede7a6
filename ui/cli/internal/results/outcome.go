// Package results prints what scripts that are run come to: how each goes on, as lines or as JSON; those that run side by side each
// whole, in their order; what was there when an expectation was not met; a report as JUnit writes it.
//
// A Printer belongs to the goroutine that runs its script; Turns may be used from any. They write where they are told, and wait for
// that alone.
package results

import (
	"errors"
	"fmt"
	"io"

	"signalbox/scenarios/script"
	"signalbox/ui/output"
)

// Outcome is what a script came to.
type Outcome struct {
	script.Result
	Err   error
	Unmet bool // Err says no more than that an expectation was not met
}

// ErrNotRun is the error of a script that was not begun.
var ErrNotRun = errors.New("it was not run")

// totalJSON is what all scripts came to, as JSON.
type totalJSON struct {
	Scripts int `json:"scripts"`
	Passed  int `json:"passed"`
	Failed  int `json:"failed"`
	NotRun  int `json:"not_run,omitempty"`
}

// Total prints how many scripts passed and failed.
func Total(out io.Writer, asJSON bool, outcomes []Outcome) error {
	t := totalJSON{Scripts: len(outcomes)}
	for i := range outcomes {
		switch x := &outcomes[i]; {
		case x.Err == nil:
			t.Passed++
		case errors.Is(x.Err, ErrNotRun):
			t.NotRun++
		default:
			t.Failed++
		}
	}
	if asJSON {
		return output.WriteJSON(out, t)
	}
	text := fmt.Sprintf("%d scripts: %d passed, %d failed", t.Scripts, t.Passed, t.Failed)
	if t.NotRun > 0 {
		text += fmt.Sprintf(", %d not run", t.NotRun)
	}
	_, err := fmt.Fprintln(out, text)
	return err
}
