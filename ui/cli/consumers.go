package cli

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// How often a consumer is looked at, and one that is behind: its trend takes longer to tell, since many workers take
// messages in batches. So far apart, and for so long at most.
const (
	consumerLooks = 2
	behindLooks   = 6
	consumerPoll  = 400 * time.Millisecond
	longestLook   = 6 * time.Second
)

// consumers is the command that lists who reads.
type consumers struct {
	*options
	pending bool
	json    bool
}

func newConsumers(o *options) *cobra.Command {
	c := &consumers{options: o}
	cmd := &cobra.Command{
		Use:   "consumers [BUS [STATION…] …]",
		Short: "List who reads, how far behind they are, and what is wrong with them",
		Long: "List who reads the stations that are named, or all that are found: how far behind they are, and what is wrong\n" +
			"with them.\n\n" +
			"The numbers are those of the deck, by the same names in --json: lag, not delivered yet; unacked,\n" +
			"delivered and not acknowledged; redelivered, those of them that came more than once; given_up,\n" +
			"delivered as often as max_deliver allows, not acknowledged, and so not delivered any more. With\n" +
			"given_up_at_least there may be more: the broker does not tell. What a broker does not tell at all is\n" +
			"missing in --json, and ? in the table. In --json all up to ack_floor is acknowledged, or, in a group of Redis\n" +
			"with something pending, all before acked_before.",
		Example: `signalbox consumers nats://127.0.0.1:4222
signalbox consumers redis://127.0.0.1:6379 orders --pending --json`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.list(cmd.Context(), args, c.print) },
	}
	cmd.Flags().BoolVar(&c.pending, "pending", false, "list the oldest messages that are not acknowledged, where the broker tells")
	cmd.Flags().BoolVar(&c.json, "json", false, "print each consumer, or message, as one line of JSON")
	return cmd
}

func (c *consumers) print(ctx context.Context, s *session) error {
	found, err := c.watch(ctx, s)
	switch {
	case err != nil:
		return err
	case c.pending:
		return c.printPending(found)
	}
	rows := output.NewRows(c.out, c.json, "STATION", "CONSUMER", "KIND", "LAG", "UNACKED", "REDELIVERED", "GIVEN UP", "WAITING", "DIAGNOSIS")
	sessions := 0
	for _, r := range found {
		if r.Session && !c.json {
			sessions++
			continue
		}
		err := rows.Add(func() any { return output.ConsumerJSON(r) }, func() []string {
			return []string{r.Station, r.Name, r.Kind, output.Count(r.Lag), output.Count(r.Unacked), output.Count(r.Redelivered),
				r.GivenUpText(), output.Count(r.Waiting), r.Text()}
		})
		if err != nil {
			return err
		}
	}
	if err := rows.Flush(); err != nil || sessions == 0 {
		return err
	}
	_, err = fmt.Fprintf(c.out, "besides: %s of other sessions of signalbox, which look on (--json lists them)\n", screen.Plural(uint64(sessions), "reader"))
	return err
}

// watch looks at the consumers of all buses, or of the stations that are named, for long enough to know how they are
// getting on.
func (c *consumers) watch(ctx context.Context, s *session) ([]sources.ConsumerRow, error) {
	total := 0
	for i, b := range s.buses {
		if err := s.checkNamed(ctx, b, s.targets[i].Stations, true); err != nil {
			return nil, err
		}
		found, err := c.listed(ctx, b, s.targets[i].Stations)
		if err := c.partial(len(found), "listing the consumers of "+b.Info().Name, err); err != nil {
			return nil, err
		}
		total += len(found)
	}
	if total == 0 {
		return nil, nil
	}
	if err := s.attach(ctx, bus.From{Start: bus.FromNew}); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, longestLook)
	defer cancel()
	tooFew := func(r sources.ConsumerRow) bool {
		if c.pending { // is told by each look
			return len(r.Lags) == 0
		}
		return len(r.Lags) < consumerLooks || r.Lag > 0 && len(r.Lags) < behindLooks
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

// listed are the consumers that a bus lists, of the stations that are named if any are.
func (c *consumers) listed(ctx context.Context, b bus.Bus, names []string) ([]bus.Consumer, error) {
	lister, ok := bus.As[bus.ConsumerLister](b)
	if !ok {
		return nil, nil // nobody reads in a way that such a broker could list
	}
	found, err := lister.Consumers(ctx)
	if selected := (sources.Selection{Names: names}); selected.IsAll(b) {
		return found, err
	}
	wanted, failed := b.Stations(ctx, names...)
	if failed != nil && len(wanted) == 0 {
		return nil, failed
	}
	return slices.DeleteFunc(found, func(c bus.Consumer) bool {
		return !slices.ContainsFunc(wanted, func(s bus.Station) bool { return s.Name == c.Station })
	}), err
}
