package cli

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"signalbox/scenarios/effects"
	"signalbox/scenarios/fields"
	"signalbox/scenarios/filter"
	"signalbox/sources"
	"signalbox/ui/output"
)

// followed is how long after an event what is only inferred counts among what followed it, unless a flag says otherwise.
const followed = 10 * time.Second

// effectsCommand is the command that prints what followed an event.
type effectsCommand struct {
	*options
	effectsForm
	within time.Duration
}

// effectsForm is how what followed an event is printed.
type effectsForm struct{ json, mermaid bool }

func newEffects(o *options) *cobra.Command {
	c := &effectsCommand{options: o}
	cmd := &cobra.Command{
		Use:   "effects [BUS] [STATION…] EXPRESSION [--json]",
		Short: "Print what followed an event",
		Long: "Print what followed the first event for which an expression holds: the events that name it as their cause, those that\n" +
			"carry the same correlation (a header, traceparent, CloudEvents' attributes, or a field), and those that came to the same\n" +
			"entity, or name it, soon afterwards: these are inferred, and marked so. Besides, how far consumers are with each.\n\n" +
			"An expression is what tail --where takes. It reads what the bus can replay, answers and ends. It ends with code 1 when\n" +
			"there is no such event.",
		Example: `signalbox effects nats://127.0.0.1:4222 'type == "PlaceOrder" && data.id == "c-7"'
signalbox effects nats://127.0.0.1:4222 'entity.id == "o-1" && version == 1' --mermaid`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	c.lines.addTo(cmd)
	flags := cmd.Flags()
	flags.DurationVar(&c.within, "within", followed, "how long afterwards an event may come that is only inferred")
	flags.BoolVar(&c.json, "json", false, "print each event as one line of JSON")
	flags.BoolVar(&c.mermaid, "mermaid", false, "print them as a sequence diagram of Mermaid, for documents")
	cmd.MarkFlagsMutuallyExclusive("json", "mermaid")
	return cmd
}

func (c *effectsCommand) run(ctx context.Context, args []string) error {
	if len(args) == 0 || isBus(args[len(args)-1]) {
		return errors.New(`the effects of what? want an expression, such as 'type == "PlaceOrder"'`)
	}
	text := args[len(args)-1]
	wants, err := wanted("the expression", filter.ParseEvents, text, filter.EventNames())
	if err == nil && wants == nil {
		err = errors.New(`the expression is empty: want something such as type == "PlaceOrder"`)
	}
	if err != nil {
		return err
	}
	f := &following{wants: wants, within: c.within}
	f.named.OfFilters(text)
	r, err := c.replay(ctx, args[:len(args)-1], nil, sources.Options{Tap: f.look, Events: sources.HoldNone, States: true})
	if err != nil {
		return err
	}
	return r.answer(ctx, func(ctx context.Context, s *session) error {
		search := f.end()
		c.tellMissing(&f.named)
		if search == nil {
			return failf("no event for which %s holds: %s", text, whatWasRead(ctx, s, ""))
		}
		return c.show(ctx, c.out, s, search, c.within)
	})
}

// following looks for what followed the first event that is wanted. Its look runs on the engine's goroutine, until end.
type following struct {
	wants  *sources.EventFilter
	within time.Duration
	named  fields.Fields

	mu     sync.Mutex
	search *effects.Search
	ended  bool
}

func (f *following) look(e *sources.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.named.See(e)
	switch {
	case f.ended:
	case f.search != nil:
		f.search.See(e)
	case f.wants.Wants(e):
		f.search = effects.New(e, f.within)
	}
}

// end is what was found; nil where no event was wanted. What comes later is not looked at.
func (f *following) end() *effects.Search {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ended = true
	return f.search
}

// show prints what was found.
func (f *effectsForm) show(ctx context.Context, out io.Writer, s *session, search *effects.Search, within time.Duration) error {
	found, err := output.FindHandling(ctx, s.engine, search, within)
	switch {
	case err != nil:
		return err
	case f.mermaid:
		_, err = io.WriteString(out, output.EffectsMermaid(found))
		return err
	case f.json:
		for _, line := range output.EffectsJSON(found) {
			if err := output.WriteJSON(out, line); err != nil {
				return err
			}
		}
		return nil
	}
	return output.ShowEffects(out, found)
}
