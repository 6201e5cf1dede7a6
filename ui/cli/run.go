package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"signalbox/bus"
	"signalbox/scenarios"
	"signalbox/scenarios/script"
	"signalbox/sources"
	"signalbox/ui/cli/internal/target"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// runPoll is how often new stations are looked for while a script runs: what it makes is to be seen at once.
const runPoll = 100 * time.Millisecond

// run is the command that runs scripts.
type run struct {
	*options
	confirmation
	speed speedFlag
	set   []string
	junit string
	json  bool
}

func newRun(o *options) *cobra.Command {
	c := &run{options: o, speed: 1}
	cmd := &cobra.Command{
		Use:   "run SCRIPT [BUS]",
		Short: "Run a script: a story, or a test",
		Long: "Run a script: DOMAIN/NAME, or a file of them. Without a BUS it runs on a broker inside this process, and the\n" +
			"stand-ins it needs are played. It ends with code 1 when an expectation fails, and says what was expected and\n" +
			"what was there.",
		Example: `signalbox run deliveries/happy-path
signalbox run checkout.yaml nats://127.0.0.1:4222 --set budget=20 --junit report.xml`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	c.addFlag(cmd)
	flags := cmd.Flags()
	flags.Var(&c.speed, "speed", "2 waits half as long; expectations have the time they are given at any speed")
	flags.StringArrayVar(&c.set, "set", nil, "a variable of the script, as name=value (repeatable)")
	flags.StringVar(&c.junit, "junit", "", "write a report to this file, as JUnit does")
	flags.BoolVar(&c.json, "json", false, "print each step and the result as one line of JSON")
	return cmd
}

func (c *run) run(ctx context.Context, args []string) error {
	at, args, err := c.names.One(args)
	switch {
	case err != nil:
		return err
	case len(args) == 0:
		return errors.New("run what? want DOMAIN/NAME or a file, such as deliveries/happy-path")
	case len(args) > 1:
		return fmt.Errorf("%q after the script %s: want one script, and the URL of a bus", args[1], args[0])
	}
	set, err := variables(c.set)
	if err != nil {
		return err
	}
	library, err := c.library()
	if err != nil {
		return err
	}
	scripts, err := findScripts(library, args[0])
	if err != nil {
		return err
	}
	from, err := c.start(bus.FromNew)
	if err != nil {
		return err
	}
	s, err := c.openWith(ctx, library, []target.Target{at}, sources.Options{Poll: runPoll})
	if err != nil {
		return err
	}
	ctx, stop := s.within(ctx)
	defer stop()
	return s.over(c.perform(ctx, s, scripts, set, from))
}

// variables reads name=value pairs.
func variables(pairs []string) (map[string]string, error) {
	set := make(map[string]string, len(pairs))
	for _, pair := range pairs {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("--set %q: want name=value", pair)
		}
		set[name] = value
	}
	return set, nil
}

// findScripts finds a script by name, or reads those of a file.
func findScripts(library *scenarios.Library, what string) ([]*script.Script, error) {
	chosen, unknown := library.Script(what)
	if unknown == nil {
		return []*script.Script{chosen}, nil
	}
	scripts, domain, err := readScripts(library, what)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%w (and there is no such file)", unknown)
	case err != nil:
		return nil, err
	case len(scripts) == 0:
		return nil, fmt.Errorf("%s: the domain %s has no scripts", what, domain)
	}
	return scripts, nil
}

// perform attaches and runs the scripts one after the other, to the first that fails.
func (c *run) perform(ctx context.Context, s *session, scripts []*script.Script, set map[string]string, from bus.From) error {
	if err := c.allow(ctx, c.options, s.buses[0], s.targets[0], "run "+screen.Plural(uint64(len(scripts)), "script")); err != nil {
		return err
	}
	if err := s.attach(ctx, from); err != nil {
		return err
	}
	stage := scenarios.Stage{Engine: s.engine, Bus: s.buses[0], Library: s.library, Speed: float64(c.speed), Set: set}
	var results []script.Result
	var failed error
	for _, script := range scripts {
		result, err := c.performOne(ctx, &stage, script)
		results = append(results, result)
		if failed = err; failed != nil {
			break
		}
	}
	if c.junit == "" {
		return failed
	}
	report, err := junitReport(results, failed)
	if err == nil {
		err = os.WriteFile(c.junit, report, 0o644)
	}
	return cmp.Or(failed, err)
}

func (c *run) performOne(ctx context.Context, stage *scenarios.Stage, script *script.Script) (script.Result, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	out := runPrinter{out: c.out, colours: output.ColoursFor(c.out), json: c.json, stop: stop}
	out.title(script)
	result, err := stage.Run(ctx, script, out.step)
	if err == nil {
		out.result(result)
	}
	if err = cmp.Or(out.err, err); err != nil {
		return result, err
	}
	if f := result.Failed; f != nil {
		return result, failf("%s failed at step %d (line %d)\n  expected %s\n  found    %s",
			script.FullName(), f.Step+1, f.Line, f.Expected, f.Found)
	}
	return result, nil
}
