package cli

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"sync"

	"github.com/spf13/cobra"

	"signalbox/scenarios/fields"
	"signalbox/scenarios/filter"
	"signalbox/scenarios/transcript"
	"signalbox/sources"
	entity "signalbox/sources/state"
	"signalbox/ui/screen"
)

// scripting is the command that writes a script of events that came.
type scripting struct {
	*options
	where    string
	until    string
	entities []string
	name     string
	waits    bool
}

func newScript(o *options) *cobra.Command {
	c := &scripting{options: o}
	cmd := &cobra.Command{
		Use:   "script [BUS] [STATION…]",
		Short: "Write a script of events that came",
		Long: "Write a script that sends events of a recording, or of what a bus can replay, again: by the commands of the domains, with\n" +
			"IDs that are new in each run and carried from step to step, and with expectations of how their entities were afterwards.\n" +
			"--where and --entity choose; what others did to the entities of the chosen events is in the expectations, and so are\n" +
			"events that no command sends. What a command sends otherwise is left out, which is said here and in the script.",
		Example: `signalbox script monday.sbx --entity delivery/01HX7Q >monday.yaml
signalbox script monday.sbx --where 'time < "2026-11-22T14:03"' --waits --name rush >rush.yaml`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	c.lines.addTo(cmd)
	flags := cmd.Flags()
	flags.StringVar(&c.where, "where", "", "only events that match this filter")
	flags.StringVar(&c.until, "until", "", "end with the first event that matches this filter")
	flags.StringArrayVar(&c.entities, "entity", nil, "only events of this entity, as KIND/ID (repeatable)")
	flags.StringVar(&c.name, "name", "recorded", "the name of the script")
	flags.BoolVar(&c.waits, "waits", false, "with the times that were between the events")
	return cmd
}

// scriptName is how scripts are called.
var scriptName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

// mostRemarked bounds the events of which it is said here that they are left out.
const mostRemarked = 10

func (c *scripting) run(ctx context.Context, args []string) error {
	if !scriptName.MatchString(c.name) {
		return fmt.Errorf("--name %q: want letters, digits, _ and -", c.name)
	}
	of := map[sources.Entity]bool{}
	for _, text := range c.entities {
		one, version, ok := entity.ParseAt(text, sources.Entity{})
		if !ok || version != 0 {
			return fmt.Errorf("--entity %q: want KIND/ID, such as delivery/01HX7Q", text)
		}
		of[one] = true
	}
	where, err := wanted("--where", filter.ParseEvents, c.where, filter.EventNames())
	if err != nil {
		return err
	}
	until, err := wanted("--until", filter.ParseEvents, c.until, filter.EventNames())
	if err != nil {
		return err
	}
	library, err := c.library()
	if err != nil {
		return err
	}
	w := &writing{of: of, where: where, until: until, story: transcript.New(transcript.Options{Commands: library.Commands(), Waits: c.waits})}
	w.named.OfFilters(c.where, c.until)
	r, err := c.replay(ctx, args, library, sources.Options{Tap: w.look, Events: sources.HoldNone, States: true})
	if err != nil {
		return err
	}
	return r.answer(ctx, func(ctx context.Context, s *session) error {
		story := w.end()
		c.tellMissing(&w.named)
		c.tellFailed("--where", where, "left them out")
		c.tellFailed("--until", until, "went on")
		c.tellLeft(story)
		if story.Steps() == 0 {
			return failf("no event that a command sends: %s", whatWasRead(ctx, s, ""))
		}
		_, err := io.WriteString(c.out, story.Script(c.name, "Written from "+s.names()+"."))
		return err
	})
}

// tellLeft says which events no step makes.
func (c *scripting) tellLeft(story *transcript.Transcript) {
	left, more := story.Left()
	if n := story.Copies(); n > 0 {
		c.warn("left out " + screen.Plural(uint64(n), "event") + " that tell of copies of states")
	}
	for i, l := range left {
		if i == mostRemarked {
			c.warn(fmt.Sprintf("left out %d more, of which the script says why", len(left)-i))
			break
		}
		c.warn("left out " + l.String())
	}
	if more > 0 {
		c.warn(fmt.Sprintf("a script has %d steps at most: %s not told; --where and --entity choose", transcript.MostSteps, screen.Plural(uint64(more), "event")))
	}
}

// writing sees what comes, on the engine's goroutine, until end.
type writing struct {
	of    map[sources.Entity]bool
	where *sources.EventFilter
	until *sources.EventFilter // nil: all
	named fields.Fields

	mu    sync.Mutex
	story *transcript.Transcript
	ended bool
}

func (w *writing) look(e *sources.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return
	}
	w.named.See(e)
	w.story.See(e, (len(w.of) == 0 || w.of[e.Entity()]) && w.where.Wants(e))
	w.ended = w.until != nil && w.until.Wants(e)
}

// end is what was written. What comes later is not looked at.
func (w *writing) end() *transcript.Transcript {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = true
	return w.story
}
