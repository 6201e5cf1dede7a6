package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"signalbox/ui/output"
)

// export is the command that writes events for other programs.
type export struct {
	*options
	where       string
	csv, ndjson bool
}

func newExport(o *options) *cobra.Command {
	c := &export{options: o}
	cmd := &cobra.Command{
		Use:   "export [BUS] [STATION…]",
		Short: "Write events as a table or as lines of JSON",
		Long: "Write the events of a recording, or all that a bus can replay, for other programs: as comma-separated values with a\n" +
			"heading, or as lines of JSON as tail --json has them.",
		Example: `signalbox export monday.sbx --csv --where 'type:OrderPaid' >paid.csv
signalbox export nats://127.0.0.1:4222 orders --ndjson | jq .data`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	c.lines.addTo(cmd)
	flags := cmd.Flags()
	flags.StringVar(&c.where, "where", "", "only events that match this filter")
	flags.BoolVar(&c.csv, "csv", false, "as comma-separated values")
	flags.BoolVar(&c.ndjson, "ndjson", false, "as lines of JSON")
	cmd.MarkFlagsMutuallyExclusive("csv", "ndjson")
	return cmd
}

func (c *export) run(ctx context.Context, args []string) error {
	if !c.csv && !c.ndjson {
		return errors.New("export as what? want --csv or --ndjson")
	}
	t := &tail{options: c.options, where: c.where, noFollow: true, json: c.ndjson, all: true}
	if c.csv {
		t.written = output.EventCSV()
		if _, err := fmt.Fprint(c.out, output.CSVHeading()); err != nil {
			return err
		}
	}
	return t.run(ctx, args)
}
