package overlays

import (
	"context"
	"errors"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/scenarios/filter"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/output"
	"signalbox/ui/screen"
)

// selections is what two filters want of the entities of a kind, side by side.
type selections struct {
	rowList
	compared *output.Selected
}

// Name implements component.Overlay.
func (v *selections) Name() string { return "what two filters want" }

// parts of what is typed: "delivery where status:active | state.budget < 0".
func selectionsOf(rest string) (kind, left, right string, ok bool) {
	kind, filters, ok := strings.Cut(rest, " where ")
	left, right, parted := strings.Cut(filters, " | ")
	return strings.TrimSpace(kind), strings.TrimSpace(left), strings.TrimSpace(right), ok && parted
}

// compareFilters compares what two filters want.
func compareFilters(d *component.Deck, rest string) (tea.Cmd, error) {
	kind, left, right, ok := selectionsOf(rest)
	if !ok || kind == "" || strings.ContainsAny(kind, " /") || left == "" || right == "" {
		return nil, errors.New("want a kind and two filters: compare delivery where status:active | state.budget < 0")
	}
	var sides [2]*sources.EntityFilter
	for i, text := range []string{left, right} {
		var err error
		if sides[i], err = filter.ParseEntities(text); err != nil {
			return nil, err
		}
	}
	d.Close()
	ask := func(ctx context.Context) (*output.Selected, error) {
		var rows [2][]sources.EntityRow
		for i := range sides {
			var err error
			if rows[i], err = d.Engine.Entities(ctx, kind, sides[i]); err != nil {
				return nil, err
			}
		}
		return output.Select(kind, left, right, rows[0], rows[1]), nil
	}
	return component.Fetch(d, ask, func(s *output.Selected) tea.Cmd {
		v := &selections{compared: s}
		v.of = v.rows
		d.Open(v)
		return nil
	}), nil
}

// rows are the entities that a filter wants, those that only one of them wants first.
func (v *selections) rows(d *component.Deck) rows {
	t := d.Theme
	half := max((d.Layout().Large().W-8)/2, 20)
	side := func(l *screen.Line, text string, differs bool) {
		style := t.Text
		if differs {
			style = t.Bright
		}
		l.Left(style, screen.CutMiddle(screen.CleanUpTo(text, 200), half-1), half)
	}
	return rows{
		n:   len(v.compared.Rows),
		key: func(i int) string { return v.compared.Rows[i].ID },
		head: func(l *screen.Line) {
			l.Left(t.Dim, "", 2)
			l.Left(t.Dim, screen.CutMiddle(screen.CleanUpTo(v.compared.Left, 200), half-1), half)
			l.Put(t.Dim, screen.CutMiddle(screen.CleanUpTo(v.compared.Right, 200), half-1))
		},
		row: func(i int, l *screen.Line) {
			r := &v.compared.Rows[i]
			differs := r.InLeft != r.InRight
			mark := ""
			if differs {
				mark = "≠"
			}
			l.Left(t.Warn, mark, 2)
			left, right := r.Sides()
			side(l, left, differs)
			side(l, right, differs)
		},
		enter: func(i int) tea.Cmd {
			d.Close()
			d.Trail.Stay()
			d.Selection.Choose(v.compared.Rows[i].Entity)
			return nil
		},
	}
}

// Draw implements component.Overlay.
func (v *selections) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	left, right, both := v.compared.Apart()
	p := screen.Panel{Title: "comparison of " + screen.CleanUpTo(v.compared.Kind, 30), Info: []string{
		fmt.Sprintf("only left %d", left), fmt.Sprintf("only right %d", right), fmt.Sprintf("in both %d", both),
	}}
	return v.panel(d, p, "neither of the filters wants any "+v.compared.Kind)
}

func selectionsKeys() []component.Key {
	return []component.Key{
		component.InOverlay(component.Key{Names: []string{"enter"}, Short: "open", Help: "choose the entity, as a double click does"}, func(v *selections, d *component.Deck) tea.Cmd { return v.enter(d) }),
	}
}
