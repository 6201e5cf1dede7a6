package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"signalbox/sources"
	"signalbox/ui/cli/internal/brokers"
	"signalbox/ui/output"
)

// flow is the command that prints the state machine of a kind as it ran.
type flow struct {
	*options
	json, mermaid, svg bool
}

func newFlow(o *options) *cobra.Command {
	c := &flow{options: o}
	cmd := &cobra.Command{
		Use:   "flow [BUS] [STATION…] KIND [--json]",
		Short: "Print the state machine of a kind of entities, as it ran",
		Long: "Print the state machine of a kind of entities as it ran: which statuses followed each other, how often, after which\n" +
			"time, by which events; what was refused; how many entities stand in each status now; which of them wait longer there\n" +
			"than 99 of 100 others did; and which statuses a domain declares that were never reached, or does not. Entities without\n" +
			"status stand where their last event left them: its type is the box then.\n\n" +
			"It reads what the bus can replay, answers and ends. It ends with code 1 when there is no such kind.",
		Example: `signalbox flow nats://127.0.0.1:4222 delivery
signalbox flow nats://127.0.0.1:4222 delivery --svg > delivery.svg`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	c.lines.addTo(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&c.json, "json", false, "print it as one line of JSON")
	flags.BoolVar(&c.mermaid, "mermaid", false, "print it as a state diagram of Mermaid, for documents")
	flags.BoolVar(&c.svg, "svg", false, "print it as a picture")
	cmd.MarkFlagsMutuallyExclusive("json", "mermaid", "svg")
	return cmd
}

func (c *flow) run(ctx context.Context, args []string) error {
	if len(args) == 0 || isBus(args[len(args)-1]) {
		return errors.New("the flow of what? want KIND, such as delivery")
	}
	kind := args[len(args)-1]
	if err := cmp.Or(brokers.Mistake(kind, true), brokers.Mistake(kind, false)); err != nil {
		return err
	}
	if strings.Contains(kind, "/") {
		return fmt.Errorf("a flow is of all entities of a kind: want KIND, have %s", kind)
	}
	r, err := c.replay(ctx, args[:len(args)-1], nil, sources.Options{Events: sources.HoldNone, Flow: kind})
	if err != nil {
		return err
	}
	return r.answer(ctx, func(ctx context.Context, s *session) error { return c.tell(ctx, s, kind) })
}

func (c *flow) tell(ctx context.Context, s *session, kind string) error {
	f, err := s.engine.Flow(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("asking for the flow of %s: %w", kind, err)
	case f.Entities == 0:
		return failf("no %s: %s", kind, whatWasRead(ctx, s, kind))
	case c.json:
		return output.WriteJSON(c.out, output.FlowJSON(f))
	case c.mermaid:
		_, err = io.WriteString(c.out, output.FlowMermaid(f))
		return err
	case c.svg:
		picture, err := output.FlowSVG(f)
		if err == nil {
			_, err = io.WriteString(c.out, picture)
		}
		return err
	}
	return output.ShowFlow(c.out, f, c.columns())
}

// columns is how wide what people read may be.
func (o *options) columns() int {
	const otherwise = 120
	if o.tty == nil {
		return otherwise
	}
	width, _, err := term.GetSize(o.tty.Fd())
	if err != nil || width <= 0 {
		return otherwise
	}
	return width
}
