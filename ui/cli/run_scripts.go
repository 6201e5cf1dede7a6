package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/scenarios"
	"signalbox/scenarios/script"
	"signalbox/sources"
	"signalbox/ui/cli/internal/results"
	"signalbox/ui/cli/internal/target"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// scriptRuns are scripts that run side by side, each on a stage of its own. Without a BUS each has a broker of its own, too: what one of them
// leaves there is nothing to the others.
type scriptRuns struct {
	*run
	at      target.Target
	library *scenarios.Library
	scripts []*script.Script
	set     map[string]string
	from    bus.From

	shared   scenarios.Shared
	turns    *results.Turns
	stop     context.CancelFunc // ends all: nobody sees how they go on
	outcomes []results.Outcome

	mu       sync.Mutex
	sessions []*session // which are closed once all have ended
}

// all runs the scripts, all of them also when some fail, reports, and says what failed.
func (r *scriptRuns) all(ctx context.Context) error {
	ctx, r.stop = context.WithCancel(ctx)
	defer r.stop()
	r.turns = results.NewTurns(r.out, len(r.scripts))
	r.outcomes = make([]results.Outcome, len(r.scripts))
	first, err := r.open(ctx)
	if err == nil && first != nil {
		err = r.allow(ctx, r.options, first.buses[0], first.targets[0], "run "+screen.Plural(uint64(len(r.scripts)), "script"))
	}
	if err == nil && first != nil {
		err = r.attach(ctx, first)
	}
	if err != nil {
		if first != nil {
			return first.over(err)
		}
		return err
	}
	next := make(chan int, len(r.scripts))
	for i := range r.scripts {
		next <- i
	}
	close(next)
	var working goroutine.Group
	for range min(r.jobs, len(r.scripts)) - 1 {
		working.Go("what runs scripts", func() { r.work(ctx, nil, next) })
	}
	r.work(ctx, first, next)
	working.Wait()
	return cmp.Or(r.close(), r.conclude())
}

// open opens a session on a BUS; without one there is none before a script begins.
func (r *scriptRuns) open(ctx context.Context) (*session, error) {
	if r.at.Embedded() {
		return nil, nil
	}
	return r.openWith(ctx, r.library, []target.Target{r.at}, sources.Options{Poll: runPoll})
}

// attach reads what is read before any script begins: on a BUS the stations that are named. Those of the scripts' domains are read as they
// are run.
func (r *scriptRuns) attach(ctx context.Context, s *session) error {
	anything := slices.ContainsFunc(r.scripts, func(x *script.Script) bool { return x.Domain == "" && len(x.Uses) == 0 })
	if r.at.Embedded() || anything || len(r.at.Stations) > 0 {
		return s.attach(ctx, r.from)
	}
	return nil
}

// work runs scripts one after the other, on one session where there is a BUS. The session stays open until all have ended: what is played on
// it may be needed by others.
func (r *scriptRuns) work(ctx context.Context, s *session, next <-chan int) {
	var broken error
	if s == nil && !r.at.Embedded() {
		if s, broken = r.open(ctx); broken == nil {
			broken = r.attach(ctx, s)
		}
	}
	for i := range next {
		x := &r.outcomes[i]
		x.Script = r.scripts[i].FullName()
		switch {
		case ctx.Err() != nil:
			x.Err = results.ErrNotRun
		case broken != nil:
			x.Err = broken
		case s == nil:
			x.Result, x.Err = r.alone(ctx, i)
		default:
			within, stop := s.within(ctx)
			x.Result, x.Err = r.one(within, s, i)
			stop()
		}
		_, x.Unmet = errors.AsType[failure](x.Err)
		r.turns.End(i, func() {
			for _, note := range x.Notes {
				r.warn(note)
			}
		})
	}
	if s != nil {
		r.keep(s)
	}
}

// keep keeps a session open until all have ended.
func (r *scriptRuns) keep(s *session) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sessions = append(r.sessions, s)
}

// close closes the sessions. What ended one of them early goes before what came of it.
func (r *scriptRuns) close() error {
	var errs []error
	for _, s := range r.sessions {
		errs = append(errs, s.close())
	}
	return errors.Join(errs...)
}

// alone runs a script on a broker of its own.
func (r *scriptRuns) alone(ctx context.Context, i int) (script.Result, error) {
	result := script.Result{Script: r.scripts[i].FullName()}
	s, err := r.openWith(ctx, r.library, []target.Target{r.at}, sources.Options{Poll: runPoll})
	if err != nil {
		return result, err
	}
	within, stop := s.within(ctx)
	defer stop()
	if err = r.attach(within, s); err == nil {
		result, err = r.one(within, s, i)
	}
	return result, s.over(err)
}

// one runs a script.
func (r *scriptRuns) one(ctx context.Context, s *session, i int) (script.Result, error) {
	chosen, own := r.scripts[i], r.at.Embedded()
	stage := scenarios.Stage{Engine: s.engine, Bus: s.buses[0], Library: s.library, Speed: float64(r.speed), Set: r.set,
		Own: own, Finds: own, Make: r.make, StandIns: r.standInsOf(chosen), From: r.from}
	if !own {
		stage.Shared = &r.shared
	}
	if r.seeded {
		stage.Seed = &r.seed
	}
	many := len(r.scripts) > 1
	live := output.IsTerminal(r.out) && os.Getenv("TERM") != "dumb" && (!many || r.jobs == 1)
	out := results.Printer{Out: r.turns.Of(i), Colours: output.ColoursFor(r.out), JSON: r.json, Live: live, Whole: many, Stop: r.stop}
	out.Title(chosen)
	result, err := stage.Run(ctx, chosen, out.Step)
	if err == nil {
		out.Result(result)
	}
	if absent, ok := errors.AsType[*scenarios.AbsentError](err); ok {
		return result, failf("%s: %v", chosen.FullName(), absent)
	}
	if err = cmp.Or(out.Err, err); err != nil {
		return result, err
	}
	if f := result.Failed; f != nil {
		return result, failf("%s failed at %s\n  expected %s\n  found    %s\n  seed     %d: the same again with --seed %[5]d",
			chosen.FullName(), f.Where(), f.Expected, f.Found, result.Seed)
	}
	return result, nil
}

// standInsOf are the stand-ins that were named and that a script can name so: another of the scripts knows the rest.
func (r *scriptRuns) standInsOf(chosen *script.Script) []string {
	return slices.DeleteFunc(slices.Clone(r.standIns), func(name string) bool {
		return knowStandIn(r.library, []*script.Script{chosen}, name) != nil
	})
}

// conclude reports, and says what failed: what is no failure of an expectation goes before what is.
func (r *scriptRuns) conclude() error {
	err := r.failed()
	if len(r.outcomes) > 1 {
		err = cmp.Or(results.Total(r.out, r.json, r.outcomes), err)
	}
	if r.junit == "" {
		return err
	}
	report, unwritten := results.JUnit(r.outcomes)
	if unwritten == nil {
		unwritten = os.WriteFile(r.junit, report, 0o644)
	}
	return cmp.Or(err, unwritten)
}

func (r *scriptRuns) failed() error {
	var texts []string
	for _, x := range r.outcomes {
		switch {
		case x.Err == nil || errors.Is(x.Err, results.ErrNotRun):
		case !x.Unmet:
			return x.Err
		case x.Failed != nil && len(r.outcomes) > 1: // what was expected is said above
			texts = append(texts, fmt.Sprintf("%s failed at %s, with --seed %d", x.Script, x.Failed.Where(), x.Seed))
		default:
			texts = append(texts, x.Err.Error())
		}
	}
	if len(texts) == 0 {
		return nil
	}
	return failf("%s", strings.Join(texts, "\n"))
}
