package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"signalbox/bus"
	"signalbox/bus/recording"
	"signalbox/scenarios"
	"signalbox/scenarios/file"
	"signalbox/scenarios/filter"
	"signalbox/sources"
	"signalbox/ui/cli/internal/brokers"
	"signalbox/ui/cli/internal/config"
	"signalbox/ui/cli/internal/flagvalue"
	"signalbox/ui/cli/internal/marks"
	"signalbox/ui/cli/internal/shutdown"
	"signalbox/ui/cli/internal/target"
	"signalbox/ui/screen"
)

// options are the flags that several commands share, and the streams that all of them write to.
type options struct {
	in       io.Reader
	out, err io.Writer
	tty      *os.File // out, where that is a terminal; else nil
	guard    *shutdown.Guard
	charset  screen.Charset // what the terminal of people can show

	names       target.Names
	project     *project
	trusts      bool
	marks       marks.Marks
	marked      marked
	domains     []string
	memory      string
	from        string
	write       bool
	readOnly    bool
	allowAll    bool
	wait        bool
	allowConfig bool
	lines       lineFlags
	rhythm      flagvalue.Rhythm
	part        flagvalue.Part

	takenFor []string // what was said of names that nothing is called: once is enough
}

// addTo makes the flags known to every command.
func (o *options) addTo(root *cobra.Command) {
	flags := root.PersistentFlags()
	flags.StringVar(&o.names.Context.Name, "context", "", "a bus by its name in signalbox.yaml or "+brokers.ContextKeepers()+"; '' is the one selected there")
	flags.StringArrayVar(&o.domains, "domain", nil, "a domain file of your own, besides the built-in ones (repeatable)")
	flags.StringVar(&o.memory, "memory", "", "how many bytes of events and states to hold (256MiB)")
	flags.StringVar(&o.from, "from", "", "where to start reading: "+bus.FromForms)
	flags.Var(&o.part, "part", "what to read of a recording: "+recording.PartForms)
	flags.BoolVar(&o.write, "write", false, "allow sending to a bus that is not on this machine")
	flags.BoolVar(&o.readOnly, "read-only", false, "allow no sending at all, and no change of the server")
	flags.BoolVar(&o.trusts, "trust", false, "use ./signalbox.yaml this once, whatever it names; signalbox trust shows what that is")
	flags.BoolVar(&o.allowAll, "allow-all", false, `allow listening to everything (">") where a server has JetStream`)
	flags.BoolVar(&o.allowConfig, "allow-config", false, "allow adding to Redis's notify-keyspace-events while keys are watched; it is put back")
	flags.BoolVar(&o.wait, "wait", false, "take a station that is not there for one that will be, instead of a mistake")
	root.MarkFlagsMutuallyExclusive("write", "read-only")
	root.MarkFlagsMutuallyExclusive("allow-config", "read-only")
}

// toRead is what a command reads by its arguments and flags: stations of buses, and from where.
func (o *options) toRead(args []string, otherwise bus.Start) ([]target.Target, bus.From, error) {
	targets, err := o.names.All(args)
	if err != nil {
		return nil, bus.From{}, err
	}
	if err := o.lines.check(targets, o.from); err != nil {
		return nil, bus.From{}, err
	}
	o.lines.taken = true
	if target.Ends(targets) {
		otherwise = bus.FromAll
	}
	if err := o.rhythm.Of(targets); err != nil {
		return nil, bus.From{}, err
	}
	if err := o.part.Of(targets, o.from); err != nil {
		return nil, bus.From{}, err
	}
	from, err := o.start(otherwise)
	return targets, from, err
}

// wanted reads the filter of --where. A slip of one of its names is no text to look for: it would find nothing, in silence.
func wanted[T any](flag string, parse func(text string) (*T, error), text string, names []string) (*T, error) {
	read, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", flag, err)
	}
	if slip := filter.Slip(text, names); slip != "" {
		return nil, fmt.Errorf("%s: %s (in double quotes it is text to look for)", flag, slip)
	}
	return read, nil
}

// start is where reading starts: as told, or else as the command has it.
func (o *options) start(otherwise bus.Start) (bus.From, error) {
	text := cmp.Or(o.from, o.names.Config.From.Value)
	if text == "" {
		return bus.From{Start: otherwise}, nil
	}
	from, err := bus.ParseFrom(text)
	if err != nil {
		return from, fmt.Errorf("--from: %w", err)
	}
	return from, nil
}

// budget is how many bytes to hold; 0 is the engine's usual.
func (o *options) budget() (int64, error) {
	text := cmp.Or(o.memory, o.names.Config.Memory.Value)
	if text == "" {
		return 0, nil
	}
	n, err := config.ParseSize(text)
	if err != nil {
		return 0, fmt.Errorf("--memory: %w", err)
	}
	return n, nil
}

// library is the built-in domains with those of the user's own files.
func (o *options) library() (*scenarios.Library, error) {
	library := scenarios.Builtin()
	if err := o.addPulled(library, o.names.Untrusted == nil); err != nil {
		return nil, err
	}
	for _, name := range o.domains {
		if err := addDomain(library, name); err != nil {
			return nil, err
		}
	}
	return library, o.lines.guide(library)
}

// addPulled adds the domains that signalbox.yaml names, as they were when it was judged.
func (o *options) addPulled(library *scenarios.Library, trusted bool) error {
	if o.project == nil || !trusted {
		return nil
	}
	return addPulls(library, o.project.Pulls)
}

// addPulls adds the domains that a configuration names.
func addPulls(library *scenarios.Library, pulls []config.Pulled) error {
	for _, d := range pulls {
		if d.Err != nil {
			return fmt.Errorf("reading the domain %s: %w", d.Path, d.Err)
		}
		if d.Text == nil {
			continue // it is not of this folder, and was not asked for
		}
		if err := library.Add(d.Path, d.Text); err != nil {
			return err
		}
	}
	return nil
}

func addDomain(library *scenarios.Library, name string) error {
	text, err := file.Read(name)
	if err != nil {
		return reading("reading a domain", err)
	}
	return library.Add(name, text)
}

// reading says why a file could not be read; what is wrong with the file itself says its place.
func reading(what string, err error) error {
	var wrong *file.Error
	if errors.As(err, &wrong) {
		return err
	}
	return fmt.Errorf("%s: %w", what, err)
}

// armed tells whether sending to b, which was named as t, is allowed, and if not, why. Production is never taken for a
// bus of this machine: it may be at the other end of a tunnel.
func (o *options) armed(b bus.Bus, t target.Target) (bool, string) {
	info, mark := b.Info(), o.production(b, t)
	_, sends := bus.As[bus.Publisher](b)
	switch {
	case o.readOnly || o.names.Config.ReadOnly:
		return false, "this session is read-only"
	case !sends:
		return false, info.Name + " takes no messages in"
	case o.write:
		return true, ""
	case !mark.IsZero():
		return false, "sending to " + mark.Name + ", which is marked as production, takes --write: " + mark.Why
	case info.Foreign != "":
		return false, "sending to " + info.Name + " takes --write: its certificate is that of " + info.Foreign + ", so that it is the end of a tunnel"
	case info.Embedded || info.Loopback:
		return true, ""
	default:
		return false, "sending to " + info.Name + ", which is not on this machine, takes --write"
	}
}

// mustBeArmed is armed as an error.
func (o *options) mustBeArmed(b bus.Bus, t target.Target) error {
	if ok, why := o.armed(b, t); !ok {
		return errors.New(why)
	}
	return nil
}

// mayChangeSettings refuses what a project that is read-only does not want; of the flags this is known before.
func (o *options) mayChangeSettings() error {
	if o.allowConfig && o.names.Config.ReadOnly {
		return errors.New("signalbox.yaml makes this session read-only, and --allow-config would change a setting of the server: leave one of them out")
	}
	return nil
}

// settings are what is said to each bus whose feeds draw on a budget.
func (o *options) settings(feeds *bus.Budget, memory int64) bus.Settings {
	return bus.Settings{AllowAll: o.allowAll, AllowConfig: o.allowConfig, Warn: o.warn, Budget: feeds, Body: sources.BodySize(memory)}
}

// warn tells people what is the matter.
func (o *options) warn(text string) {
	fmt.Fprintln(o.err, "signalbox:", screen.Clean(text))
}
