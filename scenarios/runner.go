package scenarios

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"signalbox/bus"
	"signalbox/scenarios/script"
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
	Control *script.Control   // to pause, step and change the speed while it runs; its speed is what counts then. May be nil
}

// Run makes the stations that the script's domain has, where the bus can and they are missing, and listens on its channels;
// it plays the stand-ins that the script needs unless the services run, and takes its steps. It calls report, which may be
// nil, on its own goroutine as each step begins and ends. An expectation that is not met ends the script and is in the
// Result; the error is about everything else: a context that ended, a bus that refused.
func (s *Stage) Run(ctx context.Context, chosen *script.Script, report func(script.Progress)) (script.Result, error) {
	began := time.Now()
	result := script.Result{Script: chosen.FullName(), Began: began}
	p, err := s.prepare(chosen)
	if err != nil {
		return result, err
	}
	standIns, made, err := s.Library.start(ctx, s.Bus, chosen)
	if err != nil {
		return result, fmt.Errorf("script %s: %w", chosen.FullName(), err)
	}
	defer standIns.Stop()
	if err := cmp.Or(s.awaitStations(ctx, made), s.listen(ctx, chosen)); err != nil {
		return result, fmt.Errorf("script %s: %w", chosen.FullName(), err)
	}
	p.Begin()
	err = p.Take(ctx, chosen.Steps, func(news script.Progress) {
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
	if problem := standIns.Problem(); err != nil && problem != nil {
		err = fmt.Errorf("%w (%w)", err, problem)
	} else if problem != nil && result.Failed != nil {
		failed := *result.Failed // what was reported of the step is not changed any more
		failed.Found += fmt.Sprintf("; besides, %v", problem)
		result.Failed, result.Steps[failed.Step].Failure = &failed, &failed
	}
	if err != nil {
		return result, fmt.Errorf("script %s: %w", chosen.FullName(), err)
	}
	return result, nil
}

// prepare computes the script's variables, so that what is wrong with them is known before anything is sent.
func (s *Stage) prepare(chosen *script.Script) (*script.Run, error) {
	sender, err := script.NewSender(s.Library.Domains(), s.Bus)
	if err != nil {
		return nil, err
	}
	control := s.Control
	if control == nil {
		control = script.NewControl(s.Speed)
	}
	p := script.NewRun(sender, s.Engine, control, rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())))
	p.Truths = s.Library.Truths()
	return p, p.Declare(chosen, s.Set)
}
