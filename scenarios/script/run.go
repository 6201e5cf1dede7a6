package script

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/oklog/ulid/v2"

	"signalbox/scenarios/truth"
	"signalbox/sources"
)

// Run is one run of a script, or of a story of the demo.
type Run struct {
	*Sender
	// These are set before the run begins.
	Truths    []truth.Place                 // where applications keep copies of entities
	Own       bool                          // the bus is signalbox's own: nobody else need receive what is sent
	Listening func(subject string) []string // stand-ins that hear what no station keeps; may be nil
	Audience  Audience                      // who watches; nil for nobody

	account account
	engine  *sources.Engine // nil in the demo, which expects nothing
	control *Control
	random  *rand.Rand
	names   map[string]any  // what expressions may name
	start   uint64          // number of the last event before the run
	met     map[uint64]bool // events that have satisfied an expectation
}

// NewRun is a run that has not begun. The engine may be nil when nothing is expected.
func NewRun(sender *Sender, engine *sources.Engine, control *Control, random *rand.Rand) *Run {
	return &Run{Sender: sender, engine: engine, control: control, random: random,
		names: map[string]any{"run": ulid.Make().String()}, met: map[uint64]bool{}, account: account{sent: map[string]*Destination{}}}
}

// Declare computes the variables of a script.
func (p *Run) Declare(script *Script, set map[string]string) error {
	return script.values(set, p.names)
}

// Begin has the run look at the events from now on.
func (p *Run) Begin() { p.start = p.engine.Last() }

// Take takes the steps one after the other. After a failure the others are skipped.
func (p *Run) Take(ctx context.Context, steps []Step, report func(Progress)) error {
	for i, step := range steps {
		if err := p.control.gate(ctx); err != nil {
			return err
		}
		news := Progress{Index: i, Of: len(steps), Text: step.Text, State: Running}
		report(news)
		began := time.Now()
		note, err := step.action.perform(ctx, p)
		p.control.took()
		news.Took, news.Note, news.State = time.Since(began), note, Passed
		if err == nil {
			report(news)
			continue
		}
		news.State = Failed
		if errors.As(err, &news.Failure) {
			news.Failure.Step, news.Failure.Line = i, step.Line
		} else {
			err = fmt.Errorf("step %d (line %d): %w", i+1, step.Line, err)
			news.Note = err.Error()
		}
		report(news)
		for j := i + 1; j < len(steps); j++ {
			report(Progress{Index: j, Of: len(steps), Text: steps[j].Text, State: Skipped})
		}
		return err
	}
	return nil
}
