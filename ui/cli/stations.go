package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// stations is the command that lists what a bus has.
type stations struct {
	*options
	json bool
}

func newStations(o *options) *cobra.Command {
	c := &stations{options: o}
	cmd := &cobra.Command{
		Use:     "stations [BUS…]",
		Short:   "List streams, buckets, channels and keys",
		Example: "signalbox stations nats://127.0.0.1:4222\nsignalbox stations redis://127.0.0.1:6379 --json | jq .name",
		RunE:    func(cmd *cobra.Command, args []string) error { return c.list(cmd.Context(), args, c.print) },
	}
	cmd.Flags().BoolVar(&c.json, "json", false, "print each station as one line of JSON")
	return cmd
}

func (c *stations) print(ctx context.Context, s *session) error {
	rows := output.NewRows(c.out, c.json, "STATION", "KIND", "MESSAGES", "BYTES", "FIRST", "LAST", "CONSUMERS", "SUBJECTS", "")
	for i, b := range s.buses {
		if err := s.checkNamed(ctx, b, s.targets[i].Stations, true); err != nil {
			return err
		}
		found, err := b.Stations(ctx, s.targets[i].Stations...)
		if err := c.partial(len(found), "listing the stations of "+b.Info().Name, err); err != nil {
			return err
		}
		for _, station := range found {
			err := rows.Add(
				func() any { return output.StationJSON(b.Info().Name, station) },
				func() []string { return stationCells(station) })
			if err != nil {
				return err
			}
		}
		if len(s.targets[i].Stations) == 0 {
			if err := printOffers(ctx, s, b, rows); err != nil {
				return err
			}
		}
	}
	return rows.Flush()
}

// findTime is how long the command looks for what can be offered, however much there is.
const findTime = time.Second

// findOffers looks for what nobody named and looks like events.
func findOffers(ctx context.Context, s *session, b bus.Bus) []sources.Offer {
	finder, ok := bus.As[bus.Finder](b)
	if !ok {
		return nil
	}
	var found []bus.Found
	for until := time.Now().Add(findTime); ; {
		some, whole, err := finder.Find(ctx)
		if found = some; err != nil || whole || time.Now().After(until) {
			break // what cannot be asked is not found
		}
	}
	return sources.Offers(s.library.Domains(), b.Info().Name, found)
}

// printOffers lists them.
func printOffers(ctx context.Context, s *session, b bus.Bus, rows *output.Rows) error {
	name := b.Info().Name
	for _, o := range findOffers(ctx, s, b) {
		err := rows.Add(
			func() any { return output.OfferJSON(name, o) },
			func() []string {
				return []string{o.Station, "offer", "-", "-", "-", "-", "-", "", o.Text() + "; signalbox " + b.Info().URL + " '" + o.Station + "' reads them"}
			})
		if err != nil {
			return err
		}
	}
	return nil
}

func stationCells(s bus.Station) []string {
	note := ""
	switch {
	case !s.Readable || s.ReadingVaries:
		note = s.Reading
	case s.Exchanges:
		note = tellsItself(s.Details)
	}
	return []string{s.Name, string(s.Kind), screen.Grouped(s.Messages), screen.Size(s.Bytes), s.Positions.Format(s.First),
		s.Positions.Format(s.Last), output.Count(int64(s.Consumers)), strings.Join(s.Subjects, " "), note}
}

// tellsItself is what a service tells of its endpoints itself.
func tellsItself(details []bus.Detail) string {
	var all []string
	for _, d := range details {
		if strings.HasPrefix(d.Name, "endpoint ") {
			all = append(all, d.Value)
		}
	}
	return strings.Join(all, "; ")
}
