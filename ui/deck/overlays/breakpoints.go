package overlays

import (
	"strconv"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// breaks lists the breakpoints.
type breaks struct{ rowList }

// Name implements component.Overlay.
func (v *breaks) Name() string { return "the breakpoints" }

func openBreaks(d *component.Deck) {
	v := &breaks{}
	v.of = func(d *component.Deck) rows {
		all := breakRows(d)
		return rows{
			n:     len(all),
			key:   func(i int) string { return strconv.Itoa(all[i].Number) },
			head:  func(l *screen.Line) { breakHead(d.Theme, l) },
			row:   func(i int, l *screen.Line) { breakRow(d, &all[i], l) },
			enter: func(i int) tea.Cmd { return enterBreak(d, &all[i]) },
		}
	}
	d.Open(v)
}

// breakRows are the breakpoints that there are, with what the engine knows of them by now.
func breakRows(d *component.Deck) []sources.BreakRow {
	var rows []sources.BreakRow
	if list := d.Breaks.List(); list != nil {
		for _, b := range list.All {
			row := sources.BreakRow{Breakpoint: b}
			for _, known := range d.Snapshot().Breaks {
				if known.Number == b.Number {
					row.Hits, row.Events = known.Hits, known.Events
				}
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// enterBreak shows everything as it was after the newest hit.
func enterBreak(d *component.Deck, r *sources.BreakRow) tea.Cmd {
	if len(r.Events) == 0 {
		d.Say(bus.Say, "nothing has hit it so far")
		return nil
	}
	hit := r.Events[len(r.Events)-1]
	d.Close()
	goTo(d, hit.Entity, hit.Number)
	return nil
}

func (v *breaks) toggle(d *component.Deck) tea.Cmd {
	if i, ok := v.chosen(d); ok {
		d.Breaks.Toggle(breakRows(d)[i].Number)
	}
	return nil
}

func (v *breaks) remove(d *component.Deck) tea.Cmd {
	if i, ok := v.chosen(d); ok {
		d.Breaks.Remove(breakRows(d)[i].Number)
	}
	return nil
}

// Draw implements component.Overlay.
func (v *breaks) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	return v.panel(d, screen.Panel{Title: "breakpoints", Info: d.OfNow()}, "none: type : and then break, a kind, when, and what is to become true",
		"break delivery when state.budget < 0 && before.budget >= 0")
}

func breakHead(t *screen.Theme, l *screen.Line) {
	l.Left(t.Dim, "", 4)
	l.Left(t.Dim, "hits", 8)
	l.Left(t.Dim, "newest", 14)
	l.Left(t.Dim, "of", 24)
	l.Put(t.Dim, "breakpoint")
}

func breakRow(d *component.Deck, r *sources.BreakRow, l *screen.Line) {
	t := d.Theme
	style, state := t.Text, "on"
	if r.Off {
		style, state = t.Dim, "off"
	}
	l.Left(t.Dim, state, 4)
	hits := style
	if r.Hits > 0 {
		hits = t.Warn
	}
	l.Left(hits, screen.Short(r.Hits), 8)
	when, of := "", ""
	if n := len(r.Events); n > 0 {
		hit := r.Events[n-1]
		if of = hit.Entity.ID; hit.Time.IsZero() {
			of = "held no more"
		} else {
			when = d.Clock(hit.Time, true)
		}
	}
	l.Left(t.Faint, when, 14)
	l.Left(t.Dim, screen.CutID(screen.CleanID(of), 23), 24)
	l.Put(style, screen.CleanUpTo(r.Text, l.Free()))
}

func breakKeys() []component.Key {
	return []component.Key{
		component.InOverlay(component.Key{Names: []string{"enter"}, Short: "newest hit", Help: "show everything as it was after the newest hit, as a double click does"}, func(v *breaks, d *component.Deck) tea.Cmd { return v.enter(d) }),
		component.InOverlay(component.Key{Names: []string{"space"}, Short: "on, off", Help: "turn the breakpoint on or off"}, (*breaks).toggle),
		component.InOverlay(component.Key{Names: []string{"x", "delete"}, Label: "x", Short: "remove", Help: "remove the breakpoint"}, (*breaks).remove),
		{Names: []string{"B", "shift+b"}, Help: "breakpoints: what they are hit by, on and off", Rank: component.RankReport,
			For: component.AnyPane, Do: component.Plain(openBreaks)},
	}
}
