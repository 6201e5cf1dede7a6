package cli

import (
	"cmp"
	"context"
	"fmt"

	"signalbox/sources"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// violations are the events that made something false which a domain says holds always. Its look runs on the engine's
// goroutine; the rest is for when all is read.
type violations struct {
	of         sources.Entity // without an ID all of the kind, without a kind all
	invariants []sources.Breakpoint
	violated   []map[sources.Entity]bool // by invariant: after their newest events
	found      []violation
	looked     uint64
}

// violation is an invariant and the event that violated it.
type violation struct {
	invariant string
	moment    *sources.Moment
}

// mostViolations bounds those that are printed.
const mostViolations = 10_000

func newViolations(of sources.Entity, all *sources.BreakList) *violations {
	v := &violations{of: of}
	if all == nil {
		return v
	}
	for _, b := range all.All {
		if of.Kind == "" || b.Kind == of.Kind {
			v.invariants = append(v.invariants, b)
			v.violated = append(v.violated, map[sources.Entity]bool{})
		}
	}
	return v
}

func (v *violations) look(e *sources.Event) {
	if e.Kind == nil || e.Fold == nil || e.Rejected != "" || e.Failed != "" || v.of.ID != "" && e.ID != v.of.ID {
		return
	}
	looked := false
	for i, b := range v.invariants {
		if b.Kind != e.Kind.Name() {
			continue
		}
		looked = true
		was, is := v.violated[i][e.Entity()], b.When.Wants(e)
		switch {
		case is && !was:
			m := sources.MomentOf(e)
			v.violated[i][m.Event.Entity()] = true
			if len(v.found) < mostViolations {
				v.found = append(v.found, violation{b.Text, m})
			}
		case was && !is:
			delete(v.violated[i], e.Entity())
		}
	}
	if looked {
		v.looked++
	}
}

// check reads what the bus can replay and prints what violated an invariant.
func (c *state) check(ctx context.Context, args []string, of sources.Entity) error {
	library, err := c.library()
	if err != nil {
		return err
	}
	v := newViolations(of, sources.InvariantsOf(library.Domains()))
	if len(v.invariants) == 0 {
		return fmt.Errorf("no domain says what holds always of %s: write it below always: in a domain file, and name that by --domain",
			cmp.Or(of.Kind, "anything"))
	}
	r, err := c.replay(ctx, args, library, sources.Options{Tap: v.look, Events: sources.HoldNone, States: true})
	if err != nil {
		return err
	}
	return r.answer(ctx, func(context.Context, *session) error { return c.tellViolations(v) })
}

func (c *state) tellViolations(v *violations) error {
	for _, b := range v.invariants {
		if times, why := b.When.Failed(); times > 0 {
			c.warn(fmt.Sprintf("of %s it cannot be told whether %q holds: %s", screen.Plural(times, "event"), b.Text, why))
		}
	}
	if len(v.found) == 0 {
		output.NewNotices(c.err).Line(fmt.Sprintf("signalbox: nothing violated %s: %s were looked at",
			screen.Plural(uint64(len(v.invariants)), "invariant"), screen.Plural(v.looked, "event")))
		return nil
	}
	lines := output.NewRows(c.out, c.json, "ENTITY", "TIME", "EVENT", "VERSION", "VIOLATED", "CHANGED")
	for _, x := range v.found {
		m := x.moment
		err := lines.Add(func() any { return output.ViolationJSON(x.invariant, m) }, func() []string {
			return []string{m.Event.Entity().String(), m.Event.Time().Local().Format("2006-01-02 15:04:05.000"), m.Event.Type,
				fmt.Sprintf("v%d", m.Event.Version), x.invariant, output.MomentText(m)}
		})
		if err != nil {
			return err
		}
	}
	if err := lines.Flush(); err != nil {
		return err
	}
	return failf("%s of %s", screen.Plural(uint64(len(v.found)), "violation"), screen.Plural(uint64(len(v.invariants)), "invariant"))
}
