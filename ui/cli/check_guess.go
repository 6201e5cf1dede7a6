package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"signalbox/scenarios"
	"signalbox/scenarios/guess"
	"signalbox/scenarios/nearest"
	"signalbox/sources"
	"signalbox/ui/cli/internal/target"
	"signalbox/ui/screen"
)

// guess prints a domain file of what a bus holds, and of what comes for a while.
func (c *check) guess(ctx context.Context, args []string) error {
	g := guess.New()
	r, err := c.replay(ctx, args, &scenarios.Library{}, sources.Options{Tap: g.Add})
	if err != nil {
		return err
	}
	if slices.ContainsFunc(r.targets, target.Target.Embedded) {
		return r.over(errors.New("guess from what? want a BUS, such as nats://127.0.0.1:4222"))
	}
	err = r.answer(ctx, func(ctx context.Context, _ *session) error { return c.listen(ctx) })
	if err != nil { // nothing is added to the guess any more
		return err
	}
	return c.write(g)
}

// listen lets time pass.
func (c *check) listen(ctx context.Context) error {
	timer := time.NewTimer(c.listens)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// write prints the file for the kind that was asked for, or that with the most events.
func (c *check) write(g *guess.Guess) error {
	kinds := g.Kinds()
	if len(kinds) == 0 {
		return failf("no event was seen that has an entity: --for 1m waits for what comes")
	}
	kind := c.kind
	if kind == "" {
		kind = kinds[0]
	}
	if !slices.Contains(kinds, kind) {
		return failf("no entity of the kind %s was seen%s", kind, nearest.Hint(kind, kinds))
	}
	if left := g.LeftOut(); len(left) > 0 {
		c.warn("not all that was seen is in the guess, which goes by " + strings.Join(left, ", ") + " at most; name the stations that matter")
	}
	text := g.File(kind)
	if _, problems := (&scenarios.Library{}).Check("the guess", text); len(problems) > 0 {
		var all []string
		for _, p := range problems {
			all = append(all, fmt.Sprintf("line %d: %s", p.Line, screen.Clean(p.Text)))
		}
		c.warn("the guess does not pass check as it is: " + strings.Join(all, "; "))
	}
	for line := range strings.Lines(string(text)) {
		if _, err := fmt.Fprintln(c.out, screen.Clean(strings.TrimSuffix(line, "\n"))); err != nil {
			return err
		}
	}
	return nil
}
