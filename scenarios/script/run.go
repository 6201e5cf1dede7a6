package script

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	"signalbox/scenarios/chance"
	"signalbox/scenarios/load"
	"signalbox/scenarios/truth"
	"signalbox/sources"
)

// Run is one run of a script, or of a story of the demo; or that part of one that takes the steps inside a step, on a goroutine
// that may be another.
type Run struct {
	*Sender
	// These are set before the run begins.
	Truths    []truth.Place                                       // where applications keep copies of entities
	Own       bool                                                // the bus is signalbox's own: nobody else need receive what is sent
	Listening func(subject string) []string                       // stand-ins that hear what no station keeps; may be nil
	Switch    func(ctx context.Context, standIn, to string) error // has a stand-in work in another way
	Audience  Audience                                            // who watches; nil for nobody
	Clock     load.Clock                                          // by which a rate is held

	*common
	engine   *sources.Engine // nil in the demo, which expects nothing
	control  *Control
	random   *chance.Chance
	names    map[string]any // what expressions may name
	measured *measured      // what measures what is sent; nil: nothing does

	news   Progress  // of the step under way
	line   int       // of it, in its file
	outer  *Progress // of the step that this part is inside of; nil: the run itself
	quiet  bool      // nobody is told of the steps
	within string    // where the steps of this part are in that one, but for their numbers: "buyer", or "iteration 3, step"
}

// common is what all parts of a run have together.
type common struct {
	account account
	start   uint64 // number of the last event before the run

	mu  sync.Mutex
	met map[uint64]bool // events that have satisfied an expectation

	telling sync.Mutex
	report  func(Progress)
}

// NewRun is a run that has not begun. The engine may be nil when nothing is expected.
func NewRun(sender *Sender, engine *sources.Engine, control *Control, random *chance.Chance) *Run {
	return &Run{Sender: sender, engine: engine, control: control, random: random, Clock: load.Wall{},
		names:  map[string]any{"run": random.ULID()},
		common: &common{met: map[uint64]bool{}, account: account{sent: map[string]*Destination{}}}}
}

// inside is a part of the run, for the steps inside the step that is under way: what it names stays in it, and its chances are its
// own. It is made on the goroutine of p.
func (p *Run) inside(name string) *Run {
	c := *p
	c.names = maps.Clone(p.names)
	c.random = p.random.Child()
	if c.within = name; p.outer != nil {
		c.within = p.place() + ", " + name
	} else {
		outer := p.news
		c.outer = &outer
	}
	return &c
}

// Declare computes the variables of a script.
func (p *Run) Declare(script *Script, set map[string]string) error {
	return script.values(set, p.names, p.random)
}

// Begin has the run look at the events from now on.
func (p *Run) Begin() { p.start = p.engine.Last() }

// hasMet tells whether an event has satisfied an expectation.
func (c *common) hasMet(number uint64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.met[number]
}

// meet has an event satisfy an expectation, unless it has satisfied another.
func (c *common) meet(number uint64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	met := c.met[number]
	c.met[number] = true
	return !met
}

// Take takes the steps one after the other. After a failure the others are skipped. Report is called by one goroutine at a time.
func (p *Run) Take(ctx context.Context, steps []Step, report func(Progress)) error {
	p.report = report
	return p.take(ctx, steps)
}

func (p *Run) take(ctx context.Context, steps []Step) error {
	for i := range steps {
		if err := p.control.gate(ctx); err != nil {
			return err
		}
		if err := p.step(ctx, steps, i); err != nil {
			for j := i + 1; j < len(steps) && p.outer == nil; j++ {
				p.tell(Progress{Index: j, Of: len(steps), Kind: steps[j].Kind, Text: steps[j].Text, Written: steps[j].Text, State: Skipped})
			}
			return err
		}
	}
	return nil
}

// step takes one step, and tells of it.
func (p *Run) step(ctx context.Context, steps []Step, i int) error {
	step := &steps[i]
	p.line, p.news = step.Line, Progress{Index: i, Of: len(steps), Kind: step.Kind, Text: step.Text, Written: step.Text, State: Running}
	p.tell(p.news)
	began := time.Now()
	note, err := step.action.perform(ctx, p)
	p.control.took()
	p.news.Took, p.news.Note, p.news.State = time.Since(began), note, Passed
	switch {
	case err == nil:
	case p.outer != nil && ctx.Err() != nil: // another branch has failed, or the run is stopped
		p.news.State = Skipped
	default:
		p.news.State = Failed
		err = p.failed(ctx, err)
	}
	p.tell(p.news)
	return err
}

// failed says where in the script a step has failed; of steps that hold others, the innermost.
func (p *Run) failed(ctx context.Context, err error) error {
	if errors.As(err, &p.news.Failure) {
		if p.news.Failure.Path == "" {
			p.news.Failure.Path, p.news.Failure.Line = p.path(), p.line
			if p.news.Load == nil { // whose figures say it all
				p.news.Failure.Evidence = p.evidence(ctx, p.news.Failure.Entity)
			}
		}
		if p.outer == nil {
			p.news.Failure.Step = p.news.Index
		}
		return err
	}
	if stopped := (*stoppedError)(nil); !errors.As(err, &stopped) {
		err = &stoppedError{p.path(), p.line, err}
	}
	p.news.Note = err.Error()
	return err
}

// stoppedError is what kept a step from being taken.
type stoppedError struct {
	path string
	line int
	err  error
}

// Error says where it happened.
func (s *stoppedError) Error() string { return fmt.Sprintf("%s (line %d): %v", s.path, s.line, s.err) }

// Unwrap is what happened.
func (s *stoppedError) Unwrap() error { return s.err }
