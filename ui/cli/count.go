package cli

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"signalbox/scenarios/chart"
	"signalbox/scenarios/fields"
	"signalbox/sources"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// count is the command that counts events, or computes something else of them, by whatever they are told apart by.
type count struct {
	*options
	of, by, every, where string
	json                 bool
}

func newCount(o *options) *cobra.Command {
	c := &count{options: o}
	cmd := &cobra.Command{
		Use:   "count [BUS] [STATION…]",
		Short: "Count events by type, status or anything else, over time",
		Long: "Count events by type, station, status, or whatever an expression comes to, all together or by times of a length; or\n" +
			"compute of them, by --of: " + chart.Measures + ". It reads what the bus can replay, answers and ends.\n\n" +
			"The status of an event is the word that filters have for it: rejected, failed, undecodable, or the status that it gave\n" +
			"its entity.",
		Example: `signalbox count nats://127.0.0.1:4222 --by type,status --every 1m
signalbox count nats://127.0.0.1:4222 --of 'p95(data.price)' --by type --where 'data.price > 0' --json`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	c.lines.addTo(cmd)
	flags := cmd.Flags()
	flags.StringVar(&c.of, "of", "count", "what is computed: "+chart.Measures)
	flags.StringVar(&c.by, "by", "", "what events are told apart by: expressions, or type, station, status, kind, subject, bus, with commas between them")
	flags.StringVar(&c.every, "every", "", "how long a time is, as in 10s, 1m, 1h; all is one without it")
	flags.StringVar(&c.where, "where", "", "only events that match this filter")
	flags.BoolVar(&c.json, "json", false, "print each row as one line of JSON")
	return cmd
}

func (c *count) run(ctx context.Context, args []string) error {
	spec := &sources.ChartSpec{Text: c.of}
	if c.every != "" {
		length, err := chart.Length(c.every)
		if err != nil {
			return fmt.Errorf("--every: %w", err)
		}
		spec.Every = length
	}
	if err := chart.Fill(spec, c.of, c.by, c.where); err != nil {
		return err
	}
	counted := &counted{table: sources.NewChartTable(spec)}
	counted.named.OfFilters(c.where)
	counted.named.OfExpressions(c.of, c.by)
	r, err := c.replay(ctx, args, nil, sources.Options{Tap: counted.take, Events: sources.HoldNone, States: spec.AsksStates})
	if err != nil {
		return err
	}
	return r.answer(ctx, func(context.Context, *session) error { return c.tell(spec, counted) })
}

// counted is a table that the engine's goroutine fills, and the command's reads once all is read.
type counted struct {
	sync.Mutex
	table *sources.ChartTable
	named fields.Fields
}

func (c *counted) take(e *sources.Event) {
	c.Lock()
	defer c.Unlock()
	c.table.Take(e)
	c.named.See(e)
}

// tell prints what was counted.
func (c *count) tell(spec *sources.ChartSpec, counted *counted) error {
	counted.Lock()
	defer counted.Unlock()
	if times, why := spec.Where.Failed(); times > 0 {
		c.warn(fmt.Sprintf("of %s it cannot be told whether they are wanted, and they are left out: %s", screen.Plural(times, "event"), why))
	}
	c.tellMissing(&counted.named)
	late, others := counted.table.Lost()
	if late > 0 {
		c.warn(fmt.Sprintf("%s are older than the times that are told apart, and left out: choose a longer --every", screen.Plural(late, "event")))
	}
	if others > 0 {
		c.warn(fmt.Sprintf("%s are of further series than are told apart, and counted together as other", screen.Plural(others, "event")))
	}
	var heading []string
	if spec.Every > 0 {
		heading = append(heading, "TIME")
	}
	for _, by := range spec.By {
		heading = append(heading, strings.ToUpper(by))
	}
	lines := output.NewRows(c.out, c.json, append(heading, strings.ToUpper(spec.Text))...)
	for _, row := range counted.table.Rows() {
		if err := lines.Add(func() any { return output.CountJSON(spec, &row) }, func() []string { return output.CountCells(spec, &row) }); err != nil {
			return err
		}
	}
	return lines.Flush()
}
