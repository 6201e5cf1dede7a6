package scenarios

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"signalbox/bus"
	"signalbox/scenarios/chance"
	"signalbox/scenarios/script"
	"signalbox/sources"
)

// Stage is where scripts run: a bus to send on, and an engine that sees what comes of it. Its fields are set before Run, which
// may be called again and again, from one goroutine at a time.
type Stage struct {
	Engine  *sources.Engine
	Bus     bus.Bus
	Library *Library
	Speed   float64           // 2 waits half as long; 0 is 1. Expectations take the time they are given at any speed
	Set     map[string]string // the script's variables, where they differ from their defaults
	Seed    *uint64           // of all that is left to chance; nil: another one for each run
	Control *script.Control   // to pause, step and change the speed while it runs; its speed is what counts then. May be nil

	Audience script.Audience // who watches the run; may be nil

	// Own says that the bus is signalbox's own: what is missing is made there and stays, the stand-ins that a script needs are
	// played, and nobody else need receive what is sent.
	Own      bool
	Make     bool     // else: stations that are missing are made, and taken back at the end
	StandIns []string // else: which stand-ins are played, unless they are at work
	From     bus.From // where stations are read from that the engine does not read yet; for new messages unless told
	Shared   *Shared  // with stages that run scripts on the same bus at the same time; nil: with none
	Finds    bool     // the engine finds new stations of the bus by itself

	service *Service // stand-ins alone
}

// Run has the engine read the stations of the script's domains and takes its steps. On a bus that is not its own it makes no
// station and plays no stand-in unless the stage says so, and takes back what it made; where a station is missing that the
// script sends to, nothing is sent, and the error is an *AbsentError. It calls report, which may be nil, on its own goroutine
// as each step begins and ends. An expectation that is not met ends the script and is in the Result; the error is about
// everything else: a context that ended, a bus that refused.
func (s *Stage) Run(ctx context.Context, chosen *script.Script, report func(script.Progress)) (result script.Result, err error) {
	began := time.Now()
	result = script.Result{Script: chosen.FullName(), Began: began, Seed: chance.Seed(began)}
	if s.Seed != nil {
		result.Seed = *s.Seed
	}
	p, err := s.begin(ctx, chosen, result.Seed)
	if err != nil {
		return result, err
	}
	g, err := s.prepare(ctx, chosen, result.Seed)
	if err != nil {
		return result, fmt.Errorf("script %s: %w", chosen.FullName(), err)
	}
	defer func() { result.Notes = slices.Concat(g.notes, g.end(ctx, s)) }()
	p.Listening, p.Switch = g.listening, g.switches.to
	if s.Finds {
		err = s.awaitStations(ctx, g.made)
	}
	if err = cmp.Or(err, s.listen(ctx, chosen, append(domainsOf(chosen, g.playing), chosen.Domain))); err != nil {
		return result, fmt.Errorf("script %s: %w", chosen.FullName(), err)
	}
	p.Begin()
	err = p.Take(ctx, chosen.Steps, func(news script.Progress) {
		if news.Index == len(result.Steps) {
			result.Steps = append(result.Steps, news)
		}
		result.Steps[news.Index] = news
		if l, is := news.Loaded(); is {
			result.Loads = append(result.Loads, l)
		}
		if report != nil {
			report(news)
		}
	})
	result.Took, result.Sent = time.Since(began), p.Destinations(ctx)
	if errors.As(err, &result.Failed) {
		err = nil
	}
	if problem := g.standIns.Problem(); err != nil && problem != nil {
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

// begin computes the script's variables, so that what is wrong with them, or with what is expected, is known before anything is made
// or sent.
func (s *Stage) begin(ctx context.Context, chosen *script.Script, seed uint64) (*script.Run, error) {
	sender, err := script.NewSender(s.Library.Domains(), s.Bus)
	if err != nil {
		return nil, err
	}
	control := s.Control
	if control == nil {
		control = script.NewControl(s.Speed)
	}
	p := script.NewRun(sender, s.Engine, control, chance.New(seed, chosen.FullName()))
	p.Truths, p.Own, p.Audience = s.Library.Truths(), s.Own, s.Audience
	if err := p.Able(ctx, chosen); err != nil {
		return nil, fmt.Errorf("script %s: %w", chosen.FullName(), err)
	}
	return p, p.Declare(chosen, s.Set)
}
