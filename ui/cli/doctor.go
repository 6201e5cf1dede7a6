package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"signalbox/bus"
	"signalbox/scenarios/nearest"
	"signalbox/ui/cli/internal/target"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// examineTimeout bounds the questions to one bus.
const examineTimeout = 20 * time.Second

// doctor is the command that examines a bus.
type doctor struct {
	*options
	json bool
}

func newDoctor(o *options) *cobra.Command {
	c := &doctor{options: o}
	cmd := &cobra.Command{
		Use:   "doctor [BUS [STATION…] …]",
		Short: "Say what a session may do on a bus, and what it would touch",
		Long: "Say whether a bus can be reached, what a session may do there, how it would read the stations, and what\n" +
			"it would leave behind. Examining changes nothing. It ends with code 3 when a bus cannot be reached or refuses,\n" +
			"and with 1 when a station that is named is not there.",
		Example: `signalbox doctor nats://127.0.0.1:4222
signalbox doctor redis://127.0.0.1:6379 --json | jq 'select(.level != "ok")'`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	cmd.Flags().BoolVar(&c.json, "json", false, "print each finding as one line of JSON")
	return cmd
}

func (c *doctor) run(ctx context.Context, args []string) error {
	targets, err := c.names.All(args)
	if err != nil {
		return err
	}
	var errs []error
	for i, t := range targets {
		if i > 0 && !c.json {
			fmt.Fprintln(c.out)
		}
		errs = append(errs, c.examine(ctx, t))
	}
	return errors.Join(errs...)
}

// examine says what there is to say of one bus.
func (c *doctor) examine(ctx context.Context, t target.Target) error {
	s, err := c.connected(ctx, []target.Target{t})
	if err != nil {
		return err
	}
	asked, cancel := context.WithTimeout(ctx, examineTimeout)
	defer cancel()
	if s.demo != nil {
		s.library, err = c.library()
		if err = cmp.Or(err, s.startDemo(asked)); err != nil {
			return s.over(err)
		}
	}
	b := s.buses[0]
	var findings []bus.Finding
	if examiner, ok := bus.As[bus.Examiner](b); ok {
		findings = examiner.Examine(asked)
	}
	findings = withKnownAs(findings, b.Info())
	named := namedStations(asked, b, t.Stations)
	findings = append(append(findings, named...), c.sendingTo(b, t)...)
	switch {
	case ctx.Err() != nil: // what was found since then says nothing about the bus
		err = context.Cause(ctx)
	default:
		err = c.print(b, findings)
	}
	if err == nil && slices.ContainsFunc(named, func(f bus.Finding) bool { return f.Level == bus.Fail }) {
		err = failf("not every station that is named is there")
	}
	return s.over(err)
}

// namedStations says how the stations that were named would be read.
func namedStations(ctx context.Context, b bus.Bus, names []string) []bus.Finding {
	if len(names) == 0 {
		return nil
	}
	const section = "stations"
	var findings []bus.Finding
	stations, err := b.Stations(ctx, names...)
	for _, s := range stations {
		f := bus.Finding{Section: section, Name: s.Name, Value: cmp.Or(s.Reading, string(s.Kind))}
		switch {
		case s.Presumed:
			f.Value = "nothing is called so yet; " + f.Value
			if near := nearest.Misspelt(s.Name, wordsThere(ctx, b)); near != "" {
				f.Level, f.Value = bus.Fail, "there is no such station; did you mean "+near+"?"
			}
		case !s.Readable:
			f.Level = bus.Warn
		}
		findings = append(findings, f)
	}
	if err != nil {
		findings = append(findings, bus.Finding{Section: section, Name: "not found", Value: err.Error(), Level: bus.Fail})
	}
	return findings
}

// sendingTo says whether sending is armed, and why.
func (c *doctor) sendingTo(b bus.Bus, t target.Target) []bus.Finding {
	say := func(name, value string) bus.Finding { return bus.Finding{Section: "sending", Name: name, Value: value} }
	var findings []bus.Finding
	mark := c.production(b, t)
	if !mark.IsZero() {
		findings = append(findings, say("production", mark.Name+" is marked so: "+mark.Why+"; each send asks once more"))
	}
	armed, why := c.armed(b, t)
	switch info := b.Info(); {
	case !armed:
		return append([]bus.Finding{say("armed", "no: "+why)}, findings...)
	case c.write:
		why = "by --write"
	case info.Embedded:
		why = "the broker is inside this process"
	default:
		why = "the bus is on this machine"
	}
	return append([]bus.Finding{say("armed", "yes: "+why)}, findings...)
}

// withKnownAs adds by what a server can be marked as production, after what else is known of the server.
func withKnownAs(findings []bus.Finding, info bus.Info) []bus.Finding {
	var all []string
	for _, said := range info.Identity {
		all = append(all, said.What+" "+said.Value)
	}
	if len(all) == 0 {
		return findings
	}
	const section = "server"
	at := 0
	for at < len(findings) && findings[at].Section == section {
		at++
	}
	return slices.Insert(findings, at, bus.Finding{Section: section, Name: "known as", Value: strings.Join(all, ", ")})
}

// print prints findings; for people, each section is named once.
func (c *doctor) print(b bus.Bus, findings []bus.Finding) error {
	if !c.json {
		fmt.Fprintln(c.out, output.ColoursFor(c.out).Paint(output.Bold, screen.Clean(b.Info().URL)))
	}
	rows := output.NewRows(c.out, c.json, "SECTION", "LEVEL", "NAME", "FINDING")
	section := ""
	for _, f := range findings {
		err := rows.Add(func() any { return output.FindingJSON(b.Info().Name, f) }, func() []string {
			shown := ""
			if f.Section != section {
				section, shown = f.Section, f.Section
			}
			return []string{shown, output.LevelWord(f.Level), f.Name, f.Value}
		})
		if err != nil {
			return err
		}
	}
	return rows.Flush()
}
