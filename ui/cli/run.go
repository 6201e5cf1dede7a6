package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"signalbox/bus"
	"signalbox/scenarios"
	"signalbox/scenarios/nearest"
	"signalbox/scenarios/script"
	"signalbox/ui/cli/internal/brokers"
	"signalbox/ui/cli/internal/flagvalue"
	"signalbox/ui/cli/internal/target"
)

// runPoll is how often new stations are looked for while a script runs: what it makes is to be seen at once.
const runPoll = 100 * time.Millisecond

// run is the command that runs scripts.
type run struct {
	*options
	confirmation
	speed    flagvalue.Speed
	set      []string
	make     bool
	standIns []string
	jobs     int
	junit    string
	json     bool
	seed     uint64
	seeded   bool // a seed is given
}

func newRun(o *options) *cobra.Command {
	c := &run{options: o, speed: 1}
	cmd := &cobra.Command{
		Use:   "run SCRIPT… [BUS] [STATION…]",
		Short: "Run scripts: stories, and tests",
		Long: "Run scripts: DOMAIN/NAME, FILE/NAME, or a file: all of it but those that others in it call. Without a BUS they\n" +
			"run on a broker inside this process, where the stations are made and the stand-ins played that they need. With a BUS\n" +
			"they read the stations of their domains, and those that are named, make none and play none unless told, and say who\n" +
			"received what was sent. It ends with code 1 when an expectation fails, when nobody receives an event, or when a\n" +
			"station is missing, and says which. All scripts are run, also when one of them fails; what each of them says is\n" +
			"printed whole, in the order in which they are named.",
		Example: `signalbox run deliveries/happy-path
signalbox run checkout.yaml nats://127.0.0.1:4222 --set budget=20 --junit report.xml
signalbox run tests.yaml deliveries/happy-path --jobs 4 --junit report.xml
signalbox run orders/happy-path redis://127.0.0.1:6379 --make --stand-in order-service --stand-in sales`,
		RunE: func(cmd *cobra.Command, args []string) error {
			c.seeded = cmd.Flags().Changed("seed")
			return c.run(cmd.Context(), args)
		},
	}
	c.addFlag(cmd)
	flags := cmd.Flags()
	flags.Var(&c.speed, "speed", "2 waits half as long; expectations have the time they are given at any speed")
	flags.StringArrayVar(&c.set, "set", nil, "a variable of the script, as name=value (repeatable)")
	flags.BoolVar(&c.make, "make", false, "on a BUS: make the stations that are missing, and remove them at the end")
	flags.StringArrayVar(&c.standIns, "stand-in", nil, "on a BUS: play this service unless it is at work (repeatable)")
	flags.Uint64Var(&c.seed, "seed", 0, "ids, names and all else that is left to chance come of this number, the same each time")
	flags.IntVar(&c.jobs, "jobs", 1, "how many scripts run at the same time")
	flags.StringVar(&c.junit, "junit", "", "write a report to this file, as JUnit does")
	flags.BoolVar(&c.json, "json", false, "print each step and the result as one line of JSON")
	return cmd
}

func (c *run) run(ctx context.Context, args []string) error {
	at, names, err := c.parts(args)
	if err != nil {
		return err
	}
	set, err := variables(c.set)
	if err != nil {
		return err
	}
	library, err := c.library()
	if err != nil {
		return err
	}
	var scripts []*script.Script
	for _, name := range names {
		found, err := findScripts(library, name)
		if err != nil {
			return err
		}
		scripts = append(scripts, found...)
	}
	for _, name := range c.standIns {
		if err := knowStandIn(library, scripts, name); err != nil {
			return fmt.Errorf("--stand-in: %w", err)
		}
	}
	from, err := c.start(bus.FromNew)
	if err != nil {
		return err
	}
	if c.jobs < 1 {
		return fmt.Errorf("--jobs %d: want how many scripts are to run at the same time, from 1 on", c.jobs)
	}
	r := &scriptRuns{run: c, at: at, library: library, scripts: scripts, set: set, from: from}
	return r.all(ctx)
}

// parts takes the arguments apart: scripts stand before the bus, and its stations behind it. Where no script stands before the
// bus, the first word behind it is one.
func (c *run) parts(args []string) (at target.Target, scripts []string, err error) {
	var stations []string
	url := slices.IndexFunc(args, brokers.IsURL)
	at, rest, err := c.names.One(args)
	switch {
	case err != nil:
		return at, nil, err
	case len(rest) == 0:
		return at, nil, errors.New("which script? want DOMAIN/NAME, a file, or FILE/NAME, such as deliveries/happy-path")
	case url < 0:
		scripts = rest
	default:
		most := max(url, 1)
		scripts, stations = rest[:most], rest[most:]
	}
	if len(stations) > 0 {
		at.Stations = stations
	}
	if at.Embedded() && (c.make || len(c.standIns) > 0) {
		return at, nil, errors.New("--make and --stand-in are for a BUS: without one, all that a script needs is made and played")
	}
	return at, scripts, nil
}

// knowStandIn wants a stand-in to be one that some of the scripts can name so.
func knowStandIn(library *scenarios.Library, scripts []*script.Script, name string) error {
	var unknown error
	for _, s := range scripts {
		if unknown = library.KnowsStandIn(s, name); unknown == nil {
			return nil
		}
	}
	return unknown
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

// findScripts finds a script by name, or reads those of a file: one of them, as FILE/NAME, or all but those that others of the file
// call.
func findScripts(library *scenarios.Library, what string) ([]*script.Script, error) {
	chosen, unknown := library.Script(what)
	if unknown == nil {
		return []*script.Script{chosen}, nil
	}
	scripts, domain, err := readScripts(library, what)
	switch {
	case errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR):
		return scriptOfFile(library, what, unknown)
	case err != nil:
		return nil, err
	case len(scripts) == 0:
		return nil, fmt.Errorf("%s: the domain %s has no scripts", what, domain)
	}
	return script.Uncalled(scripts), nil
}

// scriptOfFile finds the script that is meant by FILE/NAME.
func scriptOfFile(library *scenarios.Library, what string, unknown error) ([]*script.Script, error) {
	noFile := fmt.Errorf("%w (and there is no such file)", unknown)
	i := strings.LastIndexByte(what, '/')
	if i <= 0 {
		return nil, noFile
	}
	file, name := what[:i], what[i+1:]
	if info, err := os.Stat(file); err != nil || info.IsDir() {
		return nil, noFile
	}
	scripts, _, err := readScripts(library, file)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, s := range scripts {
		if s.Name == name {
			return []*script.Script{s}, nil
		}
		names = append(names, s.Name)
	}
	return nil, fmt.Errorf("%s: no script %q%s", file, name, nearest.Hint(name, names))
}
