package overlays

import (
	"context"
	"errors"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/scenarios/chart"
	"signalbox/scenarios/filter"
	"signalbox/sources"
	"signalbox/ui/deck/breakpoints"
	"signalbox/ui/deck/cohorts"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/dialogs"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// Lines are the commands of the palette that are typed with more behind their names. Who runs one closes the palette, unless
// it is wrong.
func Lines() []dialogs.Choice {
	return []dialogs.Choice{
		{Name: "break", Form: breakpoints.Form, About: "freeze the view on the event that makes something true: break delivery when state.budget < 0", Run: runBreak},
		{Name: "bisect", Form: "[KIND[/ID]] EXPRESSION", About: "to the first event of the entity shown after which something held, or since when it held for those of a kind: bisect state.budget < 0", Run: runBisect},
		{Name: "cohort", Form: cohorts.Form, About: "list entities that have something in common, saved by name: cohort in debt = delivery where state.budget < 0", Run: runCohort},
		{Name: "at", Form: "TIME", About: "to a moment: at 14:03:22, at -5m, at 48193", Run: runAt},
		{Name: "mark", Form: "NAME", About: "mark the moment that is shown", Run: runMark},
		{Name: "flow", Form: "KIND", About: "the state machine of a kind: flow delivery", Run: runFlow},
		{Name: "chart", Form: chart.Form, About: "events over time: chart count by type every 10s", Run: runChart},
		{Name: "attach", Form: "URL or CONTEXT [STATION…] [--from START], or STATION…", About: "another bus, or further stations: attach redis://127.0.0.1:6379 orders", Run: runAttach},
		{Name: "detach", Form: "BUS or STATION", About: "read it no more; what is held of it stays", Run: runDetach},
		exportLine,
		{Name: "compare", Form: "KIND/ID[@VERSION] [KIND/ID[@VERSION]], or KIND where FILTER | FILTER", About: "two states side by side, or what two filters want: compare delivery/01HX7Q@2 @4", Run: runCompare},
	}
}

func runBreak(d *component.Deck, rest string) (tea.Cmd, error) {
	if err := d.Breaks.Add(rest); err != nil {
		return nil, err
	}
	d.Close()
	d.Say(bus.Say, "breakpoint set: the view freezes on the next event that makes it true; B lists all")
	return func() tea.Msg { return nil }, nil
}

// bisectOf is of what is to be bisected, and for what: of the entity that is shown, or of the one or the kind that is named before
// the expression, as the shell has it, with when between or without.
func bisectOf(d *component.Deck, text string) (of sources.Entity, expression string) {
	text = strings.TrimSpace(text)
	if kind, rest, ok := strings.Cut(text, " when "); ok && !strings.ContainsAny(strings.TrimSpace(kind), " /") {
		return sources.Entity{Kind: strings.TrimSpace(kind)}, rest
	}
	name, rest, _ := strings.Cut(text, " ")
	kind, id, single := strings.Cut(name, "/")
	known := false
	for _, k := range d.Snapshot().Entities.Kinds {
		known = known || k.Name == kind
	}
	if rest = strings.TrimSpace(rest); !known || rest == "" || single && id == "" {
		return d.Entity(), text
	}
	return sources.Entity{Kind: kind, ID: id}, strings.TrimPrefix(rest, "when ")
}

// runBisect looks for the first event of an entity after which something held, or of all entities of a kind.
func runBisect(d *component.Deck, rest string) (tea.Cmd, error) {
	of, expression := bisectOf(d, rest)
	holds, err := filter.ParseEvents(expression)
	if slip := filter.Slip(expression, filter.EventNames()); err == nil && slip != "" {
		err = errors.New(slip)
	}
	if err == nil && holds == nil {
		err = errors.New("want an expression, such as state.budget < 0")
	}
	if err != nil {
		return nil, err
	}
	if of.IsZero() {
		return nil, errors.New("no entity is shown: choose one, or say of which kind: bisect delivery state.budget < 0")
	}
	d.Close()
	if of.ID == "" {
		return bisectAll(d, of.Kind, rest, holds), nil
	}
	find := func(ctx context.Context) (sources.Bisection, error) { return d.Engine.Bisect(ctx, of, holds, nil) }
	return component.Fetch(d, find, func(b sources.Bisection) tea.Cmd {
		if times, why := holds.Failed(); len(b.Found) == 0 && times > 0 {
			d.Say(bus.Warn, fmt.Sprintf("it cannot be told of %s whether it held: %s", screen.Plural(times, "event"), why))
			return nil
		}
		if len(b.Found) == 0 {
			d.Say(bus.Warn, fmt.Sprintf("it never held: %s of %s are held here", screen.Plural(b.Looked, "event"), screen.Clean(of.String())))
			return nil
		}
		goToMoment(d, b.Found[0])
		return nil
	}), nil
}

// goToMoment shows everything as it was after an event, and what that changed.
func goToMoment(d *component.Deck, m *sources.Moment) {
	if e := m.Event; sources.IsEarlier(e.Number) { // there is no such moment of all else
		d.Trail.Stay()
		d.Time.ToNow()
		d.Selection.Choose(e.Entity())
		d.Time.ShowVersion(e.Entity(), e.Version)
	} else {
		goTo(d, e.Entity(), e.Number)
	}
	d.Say(bus.Say, screen.Clean("first held after "+m.Event.Type+" v"+fmt.Sprint(m.Event.Version)+": "+output.MomentText(m)))
}
