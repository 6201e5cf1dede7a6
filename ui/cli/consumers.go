package cli

import (
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/output"
)

// How often a consumer is looked at, and one that is behind: its trend takes longer to tell, since many workers take
// messages in batches. So far apart, and for so long at most.
const (
	consumerLooks = 2
	behindLooks   = 6
	consumerPoll  = 400 * time.Millisecond
	longestLook   = 6 * time.Second
)

func newConsumers(o *options) *cobra.Command {
	var asJSON, pending bool
	cmd := &cobra.Command{
		Use:   "consumers [BUS…]",
		Short: "List who reads, how far behind they are, and what is wrong with them",
		RunE: func(cmd *cobra.Command, args []string) error {
			return o.list(cmd.Context(), args, func(ctx context.Context, s *session) error {
				rows, err := o.watchConsumers(ctx, s)
				if err != nil {
					return err
				}
				if pending {
					return o.pending(rows, asJSON)
				}
				return o.consumers(rows, asJSON)
			})
		},
	}
	cmd.Flags().BoolVar(&pending, "pending", false, "list the oldest messages that are not acknowledged, where the broker tells")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print each consumer, or message, as one line of JSON")
	return cmd
}

func (o *options) consumers(rows []sources.ConsumerRow, asJSON bool) error {
	t := output.NewTable(o.out, "STATION", "CONSUMER", "KIND", "LAG", "UNACKED", "REDELIVERED", "WAITING", "DIAGNOSIS")
	for _, c := range rows {
		if asJSON {
			if err := output.WriteJSON(o.out, output.ConsumerJSON(c)); err != nil {
				return err
			}
			continue
		}
		t.Row(c.Station, c.Name, c.Kind, output.Count(c.Lag), output.Count(c.Unacked), output.Count(c.Redelivered), output.Count(c.Waiting), c.Diagnosis.Text)
	}
	if asJSON {
		return nil
	}
	return t.Flush()
}

// watchConsumers looks at the consumers of all buses for long enough to know how they are getting on.
func (o *options) watchConsumers(ctx context.Context, s *session) ([]sources.ConsumerRow, error) {
	found := 0
	for _, b := range s.buses {
		lister, ok := bus.As[bus.ConsumerLister](b)
		if !ok {
			continue // nobody reads in a way that such a broker could list
		}
		consumers, err := lister.Consumers(ctx)
		if err := o.partial(len(consumers), "listing the consumers of "+b.Info().Name, err); err != nil {
			return nil, err
		}
		found += len(consumers)
	}
	if found == 0 {
		return nil, nil
	}
	if err := s.attach(ctx, bus.From{Start: bus.FromNew}); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, longestLook)
	defer cancel()
	tooFew := func(c sources.ConsumerRow) bool {
		return len(c.Lags) < consumerLooks || c.Lag > 0 && len(c.Lags) < behindLooks
	}
	for {
		rows := s.engine.Snapshot().Consumers
		if len(rows) > 0 && !slices.ContainsFunc(rows, tooFew) {
			return rows, nil
		}
		select {
		case <-s.engine.Changed():
		case <-ctx.Done():
			return rows, context.Cause(s.life) // consumers come and go: what was seen is the answer
		}
	}
}
