package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"signalbox/bus"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// examineTimeout bounds the questions to one bus.
const examineTimeout = 20 * time.Second

func newDoctor(o *options) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "doctor [BUS [STATION…]]…",
		Short: "Say what a session may do on a bus, and what it would touch",
		Long: "Say whether a bus can be reached, what a session may do there, how it would read the stations, and what\n" +
			"it would leave behind. Examining changes nothing. It ends with code 3 when a bus cannot be reached or refuses.",
		Example: `signalbox doctor nats://127.0.0.1:4222
signalbox doctor redis://127.0.0.1:6379 --json | jq 'select(.level != "ok")'`,
		RunE: func(cmd *cobra.Command, args []string) error {
			targets, err := o.targets(args)
			if err != nil {
				return err
			}
			var errs []error
			for i, t := range targets {
				if i > 0 && !asJSON {
					fmt.Fprintln(o.out)
				}
				errs = append(errs, o.doctor(cmd.Context(), t, asJSON))
			}
			return errors.Join(errs...)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print each finding as one line of JSON")
	return cmd
}

// doctor examines one bus.
func (o *options) doctor(ctx context.Context, t target, asJSON bool) error {
	s, err := o.connected(ctx, []target{t})
	if err != nil {
		return err
	}
	asked, cancel := context.WithTimeout(ctx, examineTimeout)
	defer cancel()
	if s.plays != nil {
		s.library, err = o.library()
		if err = cmp.Or(err, s.setScene(asked)); err != nil {
			return s.over(err)
		}
	}
	b := s.buses[0]
	var findings []bus.Finding
	if examiner, ok := bus.As[bus.Examiner](b); ok {
		findings = examiner.Examine(asked)
	}
	findings = append(append(findings, namedStations(asked, b, t.stations)...), o.sendingTo(b, t)...)
	switch {
	case ctx.Err() != nil: // what was found since then says nothing about the bus
		err = context.Cause(ctx)
	case asJSON:
		err = o.findingLines(b, findings)
	default:
		err = o.showFindings(b, findings)
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
		if !s.Readable {
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
func (o *options) sendingTo(b bus.Bus, t target) []bus.Finding {
	say := func(name, value string) bus.Finding { return bus.Finding{Section: "sending", Name: name, Value: value} }
	armed, why := o.armed(b, t)
	switch info := b.Info(); {
	case !armed:
		return []bus.Finding{say("armed", "no: "+why)}
	case o.write:
		why = "by --write"
	case info.Embedded:
		why = "the broker is inside this process"
	default:
		why = "the bus is on this machine"
	}
	findings := []bus.Finding{say("armed", "yes: "+why)}
	if t.production != "" {
		findings = append(findings, say("production", t.production+" is marked so: each send asks once more"))
	}
	return findings
}

// showFindings prints findings for people, by their sections.
func (o *options) showFindings(b bus.Bus, findings []bus.Finding) error {
	fmt.Fprintln(o.out, output.ColoursFor(o.out).Paint(output.Bold, screen.Clean(b.Info().URL)))
	rows := output.NewTable(o.out, "SECTION", "LEVEL", "NAME", "FINDING")
	section := ""
	for _, f := range findings {
		shown := ""
		if f.Section != section {
			section, shown = f.Section, f.Section
		}
		rows.Row(shown, output.LevelWord(f.Level), f.Name, f.Value)
	}
	return rows.Flush()
}

func (o *options) findingLines(b bus.Bus, findings []bus.Finding) error {
	for _, f := range findings {
		if err := output.WriteJSON(o.out, output.FindingJSON(b.Info().Name, f)); err != nil {
			return err
		}
	}
	return nil
}
