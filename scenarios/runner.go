package scenarios

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/oklog/ulid/v2"

	"signalbox/bus"
	"signalbox/sources"
)

// Stage is where scripts run: a bus to send on, and an engine attached to it that sees what comes of it. Its fields are
// set before Run, which may be called again and again, from one goroutine at a time.
type Stage struct {
	Engine  *sources.Engine
	Bus     bus.Bus
	Library *Library
	Speed   float64           // 2 waits half as long; 0 is 1. Expectations take the time they are given at any speed
	Set     map[string]string // the script's variables, where they differ from their defaults
	Control *Control          // to pause, step and change the speed while it runs; its speed is what counts then. May be nil
}

// State is how far a step has come.
type State string

// States of a step.
const (
	Running State = "running"
	Passed  State = "passed"
	Failed  State = "failed"
	Skipped State = "skipped" // because one before it failed
)

// Progress is news of one step.
type Progress struct {
	Index   int // of the step, from 0
	Of      int
	Text    string // what the step does
	State   State
	Took    time.Duration
	Note    string   // what came of it: the broker's receipt, the text of a say
	Failure *Failure // why it failed, when it did
}

// Result is what a run came to.
type Result struct {
	Script string
	Began  time.Time
	Took   time.Duration
	Steps  []Progress // the last of each step
	Failed *Failure   // nil: every expectation was met
}

// Failure is an expectation that was not met.
type Failure struct { //nolint:errname // of a script, for people; no call returns it
	Step     int    // index
	Line     int    // in its file
	Expected string // "state.status == "active" of delivery/01HX within 2s"
	Found    string // "status=ready budget=50 (version 1, 0 rejected)"
}

// Error says both.
func (f *Failure) Error() string {
	return fmt.Sprintf("step %d (line %d): expected %s; found %s", f.Step+1, f.Line, f.Expected, f.Found)
}

// Run makes the stations that the script's domain has, where the bus can and they are missing, plays the stand-ins it
// needs unless the services run, and takes its steps. It calls report, which may be nil, on its own goroutine as each
// step begins and ends. An expectation that is not met ends the script and is in the Result; the error is about
// everything else: a context that ended, a bus that refused.
func (s *Stage) Run(ctx context.Context, script *Script, report func(Progress)) (Result, error) {
	began := time.Now()
	result := Result{Script: script.FullName(), Began: began}
	p, err := s.prepare(script)
	if err != nil {
		return result, err
	}
	company, err := s.Library.gather(ctx, s.Bus, script)
	if err != nil {
		return result, fmt.Errorf("script %s: %w", script.FullName(), err)
	}
	defer company.stop()
	if err := s.settle(ctx, company.made); err != nil {
		return result, fmt.Errorf("script %s: %w", script.FullName(), err)
	}
	p.start = s.Engine.Last()
	err = p.run(ctx, script.Steps, func(news Progress) {
		if news.Index == len(result.Steps) {
			result.Steps = append(result.Steps, news)
		}
		result.Steps[news.Index] = news
		if report != nil {
			report(news)
		}
	})
	result.Took = time.Since(began)
	if errors.As(err, &result.Failed) {
		err = nil
	}
	if trouble := company.trouble(); err != nil && trouble != nil {
		err = fmt.Errorf("%w (%w)", err, trouble)
	} else if trouble != nil && result.Failed != nil {
		result.Failed.Found += fmt.Sprintf("; besides, %v", trouble)
	}
	if err != nil {
		return result, fmt.Errorf("script %s: %w", script.FullName(), err)
	}
	return result, nil
}

// prepare computes the script's variables, so that what is wrong with them is known before anything is sent.
func (s *Stage) prepare(script *Script) (*performance, error) {
	sender, err := newSender(s.Library, s.Bus)
	if err != nil {
		return nil, err
	}
	control := s.Control
	if control == nil {
		control = NewControl(s.Speed)
	}
	p := &performance{
		sender:  sender,
		engine:  s.Engine,
		control: control,
		random:  rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())),
		names:   map[string]any{"run": ulid.Make().String()},
		met:     map[uint64]bool{},
	}
	return p, script.values(s.Set, p.names)
}

// performance is one run of a script, or of a story of the demo.
type performance struct {
	*sender
	engine  *sources.Engine // nil in the demo, which expects nothing
	control *Control
	random  *rand.Rand
	names   map[string]any  // what expressions may name
	start   uint64          // number of the last event before the run
	met     map[uint64]bool // events that have satisfied an expectation
}

// run takes the steps one after the other. After a failure the others are skipped.
func (p *performance) run(ctx context.Context, steps []Step, report func(Progress)) error {
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
