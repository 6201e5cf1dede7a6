package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"signalbox/bus"
	"signalbox/bus/pipe"
	"signalbox/scenarios"
	"signalbox/scenarios/lines"
	"signalbox/ui/cli/internal/brokers"
	"signalbox/ui/cli/internal/target"
)

// lineFlags say what the lines of standard input mean, where that is a bus.
type lineFlags struct {
	typeOf, id, kind, station, time string

	taken bool // the command reads them
	whole bool // it wants all of them
}

// addTo makes the flags known to a command that reads lines.
func (l *lineFlags) addTo(cmd *cobra.Command) {
	for _, f := range []struct {
		to         *string
		name, says string
	}{
		{&l.typeOf, "type", "of BUS -: an expression for the type of a line's event, such as data.kind"},
		{&l.id, "id", "of BUS -: an expression for the id of its entity, such as data.order_id"},
		{&l.kind, "kind", "of BUS -: what its entities are called, where their id does not tell"},
		{&l.station, "station", "of BUS -: an expression for where it was sent to, such as data.topic"},
		{&l.time, "time", "of BUS -: an expression for when, a date or a number since 1970"},
	} {
		if cmd.Flags().Lookup(f.name) == nil {
			cmd.Flags().StringVar(f.to, f.name, "", f.says)
		}
	}
}

// check compares the flags with what is read: they are about lines alone, and lines come but once.
func (l *lineFlags) check(targets []target.Target, from string) error {
	pipes := slices.ContainsFunc(targets, target.Target.Pipe)
	switch {
	case pipes && l.id == "" && l.kind != "":
		return errors.New("--kind names the entities that --id finds: give both")
	case pipes && from != "" && target.OnlyPipe(targets):
		return fmt.Errorf("--from %s: lines come once, and are read from the first", from)
	case slices.ContainsFunc(targets, func(t target.Target) bool { return t.Pipe() && len(t.Stations) > 0 }):
		return errors.New("a station is named after -, and lines have none of their own: --where 'subject == \"orders\"' chooses those that --station finds")
	case pipes:
		return nil
	}
	var given []string
	for name, value := range map[string]string{"type": l.typeOf, "id": l.id, "station": l.station, "time": l.time} {
		if value != "" {
			given = append(given, "--"+name)
		}
	}
	if len(given) > 0 {
		slices.Sort(given)
		return fmt.Errorf("%s is about lines of standard input: name - as the BUS", strings.Join(given, ", "))
	}
	return nil
}

// guide adds what the flags say of events to a library.
func (l *lineFlags) guide(library *scenarios.Library) error {
	if l.typeOf == "" && l.id == "" {
		return nil
	}
	if err := errors.Join(lines.Check("--type", l.typeOf), lines.Check("--id", l.id)); err != nil {
		return err
	}
	return library.Guide(pipe.Name, l.typeOf, l.kind, l.id)
}

// linesOf is the bus of the lines of standard input.
func (o *options) linesOf(settings bus.Settings) (bus.Bus, error) {
	placing, err := lines.NewPlacing(o.lines.station, o.lines.time)
	if err != nil {
		return nil, err
	}
	return pipe.New(pipe.Options{Lines: o.in, Whole: o.lines.whole, Place: placing.Place, Budget: settings.Budget, Body: settings.Body}), nil
}

// isBus tells whether an argument of a command that reads names a bus.
func isBus(arg string) bool { return brokers.IsBus(arg) || arg == target.Pipe }
