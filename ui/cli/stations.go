package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"signalbox/sources"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

func newStations(o *options) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "stations [BUS…]",
		Short: "List streams, buckets, channels and keys",
		RunE: func(cmd *cobra.Command, args []string) error {
			return o.list(cmd.Context(), args, func(ctx context.Context, s *session) error {
				return o.stations(ctx, s, asJSON)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print each station as one line of JSON")
	return cmd
}

// list runs a command that asks the buses for what they have, and ends.
func (o *options) list(ctx context.Context, args []string, work func(context.Context, *session) error) error {
	targets, err := o.targets(args)
	if err != nil {
		return err
	}
	library, err := o.library()
	if err != nil {
		return err
	}
	s, err := o.openWith(ctx, library, targets, sources.Options{Poll: consumerPoll})
	if err != nil {
		return err
	}
	ctx, stop := s.within(ctx)
	defer stop()
	if err = s.setScene(ctx); err == nil {
		err = work(ctx, s)
	}
	return s.over(err)
}

func (o *options) stations(ctx context.Context, s *session, asJSON bool) error {
	rows := output.NewTable(o.out, "STATION", "KIND", "MESSAGES", "BYTES", "FIRST", "LAST", "CONSUMERS", "SUBJECTS", "")
	for i, b := range s.buses {
		stations, err := b.Stations(ctx, s.targets[i].stations...)
		if err := o.partial(len(stations), "listing the stations of "+b.Info().Name, err); err != nil {
			return err
		}
		for _, station := range stations {
			if asJSON {
				if err := output.WriteJSON(o.out, output.StationJSON(b.Info().Name, station)); err != nil {
					return err
				}
				continue
			}
			note := ""
			if !station.Readable || station.ReadingVaries {
				note = station.Reading
			}
			rows.Row(station.Name, string(station.Kind), screen.Grouped(uint64(station.Messages)), screen.Size(station.Bytes),
				station.Positions.Format(station.First), station.Positions.Format(station.Last), output.Count(int64(station.Consumers)), strings.Join(station.Subjects, " "), note)
		}
	}
	if asJSON {
		return nil
	}
	return rows.Flush()
}

// partial makes a warning of an error that left something to show, and a bus's refusal of one that did not.
func (o *options) partial(found int, what string, err error) error {
	switch {
	case err == nil:
		return nil
	case found == 0:
		return busError{fmt.Errorf("%s: %w", what, err)}
	default:
		_, err = fmt.Fprintf(o.err, "signalbox: %s: %s\n", screen.Clean(what), screen.Clean(err.Error()))
		return err
	}
}
