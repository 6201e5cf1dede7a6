package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"signalbox/scenarios/fields"
	"signalbox/scenarios/filter"
	"signalbox/sources"
	"signalbox/ui/cli/internal/brokers"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// bisect is the command that finds the event after which something held for the first time.
type bisect struct {
	*options
	json bool
}

func newBisect(o *options) *cobra.Command {
	c := &bisect{options: o}
	cmd := &cobra.Command{
		Use:   "bisect [BUS] [STATION…] KIND[/ID] EXPRESSION [--json]",
		Short: "Find the first event after which something held",
		Long: "Find the first event of an entity after which something held, with its state before and after it; or, of all\n" +
			"entities of a kind, for which it ever held, since when, and how many they are. It reads what the bus can replay,\n" +
			"answers and ends. It ends with code 1 where it never held.\n\n" +
			"An expression is what tail --where takes: state is the entity's state after an event, before the one before it, and\n" +
			"changed.budget tells whether it changed the budget.",
		Example: `signalbox bisect nats://127.0.0.1:4222 delivery/01HX7Q 'state.budget < 0'
signalbox bisect nats://127.0.0.1:4222 delivery 'state.budget < 0' --json | jq .id`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	c.lines.addTo(cmd)
	cmd.Flags().BoolVar(&c.json, "json", false, "print each entity as one line of JSON")
	return cmd
}

func (c *bisect) run(ctx context.Context, args []string) error {
	if len(args) < 2 || isBus(args[len(args)-2]) {
		return errors.New("bisect what? want KIND or KIND/ID, then an expression, such as delivery/01HX7Q 'state.budget < 0'")
	}
	what, text := args[len(args)-2], args[len(args)-1]
	kind, id, single := strings.Cut(what, "/")
	if err := cmp.Or(brokers.Mistake(what, true), brokers.Mistake(kind, false)); err != nil {
		return err
	}
	holds, err := wanted("the expression", filter.ParseEvents, text, filter.EventNames())
	if err == nil && holds == nil {
		err = errors.New("the expression is empty: want something such as state.budget < 0")
	}
	if err != nil {
		return err
	}
	f := &firsts{kind: kind, id: id, single: single, holds: holds, found: map[string]bool{},
		lines: output.NewRows(c.out, c.json, "ID", "TIME", "EVENT", "VERSION", "CHANGED"), whole: single && !c.json}
	f.named.OfFilters(text)
	r, err := c.replay(ctx, args[:len(args)-2], nil, sources.Options{Tap: f.look, Events: sources.HoldNone, States: true})
	if err != nil {
		return err
	}
	f.stop = r.end
	return r.answer(ctx, func(ctx context.Context, s *session) error { return c.tell(ctx, s, f, what, text) })
}

// firsts are the first events after which something held, of each entity of a kind or of one. Its look runs on the
// engine's goroutine; the rest is for when all is read. States may be large, and entities many: as JSON each moment is printed
// when it is found, and of the others no more is kept than is to be printed of it.
type firsts struct {
	mu       sync.Mutex // events still come while the answer is given
	ended    bool
	kind, id string
	single   bool
	holds    *sources.EventFilter
	lines    *output.Rows
	whole    bool // the one moment there can be is shown with its states

	named  fields.Fields
	looked uint64
	found  map[string]bool
	first  *sources.Moment // where it is shown whole
	stop   func(error)     // ends the command: nothing can be printed any more
}

func (f *firsts) look(e *sources.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ended || e.Kind == nil || e.Kind.Name() != f.kind || f.single && e.ID != f.id {
		return
	}
	f.looked++
	f.named.See(e)
	if f.found[e.ID] || !f.holds.Wants(e) {
		return
	}
	m := sources.MomentOf(e)
	id := m.Event.ID
	f.found[id] = true
	if f.whole {
		f.first = m
		return
	}
	err := f.lines.Add(func() any { return output.MomentJSON(m) }, func() []string {
		return []string{id, m.Event.Time().Local().Format("2006-01-02 15:04:05.000"), m.Event.Type, fmt.Sprintf("v%d", m.Event.Version), output.MomentText(m)}
	})
	if err != nil {
		f.stop(err)
	}
}

// end has what comes later not looked at.
func (f *firsts) end() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ended = true
}

// tell prints what was found.
func (c *bisect) tell(ctx context.Context, s *session, f *firsts, what, text string) error {
	f.end()
	if times, why := f.holds.Failed(); times > 0 {
		c.warn(fmt.Sprintf("of %s it cannot be told whether it held, and they are left out: %s", screen.Plural(times, "event"), why))
	}
	c.tellMissing(&f.named)
	switch {
	case f.looked == 0:
		return failf("no %s: %s", what, whatWasRead(ctx, s, f.kind))
	case len(f.found) == 0:
		return failf("%s never held: %s of %s were looked at", text, screen.Plural(f.looked, "event"), what)
	case f.whole:
		return output.ShowMoment(c.out, f.first)
	}
	if err := f.lines.Flush(); err != nil || f.single {
		return err
	}
	rows, err := s.engine.Entities(ctx, f.kind, nil)
	if err != nil {
		return fmt.Errorf("asking for each %s: %w", f.kind, err)
	}
	output.NewNotices(c.err).Line(fmt.Sprintf("signalbox: it held for %d of %s", len(f.found), screen.Plural(uint64(len(rows)), f.kind)))
	return nil
}
