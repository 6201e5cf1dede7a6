package overlays

import (
	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// breaks lists the breakpoints.
type breaks struct {
	component.ReadOnly
	list screen.List
}

// Name implements component.Overlay.
func (v *breaks) Name() string { return "the breakpoints" }

func openBreaks(d *component.Deck) { d.Open(&breaks{}) }

// rows are the breakpoints that there are, with what the engine knows of them by now.
func (v *breaks) rows(d *component.Deck) []sources.BreakRow {
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

func (v *breaks) Move(d *component.Deck, by int) {
	rows := v.rows(d)
	v.list.Move(by, len(rows), func(i int) string { return rows[i].Text })
}

func (v *breaks) chosen(d *component.Deck) *sources.BreakRow {
	rows := v.rows(d)
	if len(rows) == 0 {
		return nil
	}
	return &rows[min(v.list.At, len(rows)-1)]
}

// enter shows everything as it was after the newest hit.
func (v *breaks) enter(d *component.Deck) tea.Cmd {
	r := v.chosen(d)
	switch {
	case r == nil:
	case len(r.Events) == 0:
		d.Say(bus.Say, "nothing has hit it so far")
	default:
		hit := r.Events[len(r.Events)-1]
		d.Close()
		d.Trail.Stay()
		d.Selection.Choose(hit.Entity)
		d.Time.GoTo(hit.Number)
	}
	return nil
}

func (v *breaks) toggle(d *component.Deck) tea.Cmd {
	if r := v.chosen(d); r != nil {
		d.Breaks.Toggle(r.Number)
	}
	return nil
}

func (v *breaks) remove(d *component.Deck) tea.Cmd {
	if r := v.chosen(d); r != nil {
		d.Breaks.Remove(r.Number)
		v.list.At = max(0, min(v.list.At, len(v.rows(d))-1))
	}
	return nil
}

func (v *breaks) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	rows, b, t := v.rows(d), d.Layout().Large(), d.Theme
	b = d.Layout().Centred(b.W, min(b.H, max(len(rows)+3, 8)))
	width, height := b.W-2, b.H-2
	p := screen.Panel{Title: "breakpoints"}
	if len(rows) == 0 {
		p.Lines = screen.Note(t, width, "none: type : and then break, a kind, when, and what is to become true",
			"break delivery when state.budget < 0 && before.budget >= 0")
		return p, b
	}
	v.list.At = min(v.list.At, len(rows)-1)
	from, to := v.list.Scroll(len(rows), height-1)
	p.Total, p.Top, p.Visible = len(rows), from, height-1
	l := screen.NewLine(width, "")
	l.Gap(1)
	l.Left(t.Dim, "", 4)
	l.Left(t.Dim, "hits", 8)
	l.Left(t.Dim, "newest", 14)
	l.Left(t.Dim, "of", 24)
	l.Put(t.Dim, "breakpoint")
	p.Lines = append(p.Lines, l.String())
	for i := from; i < to; i++ {
		p.Lines = append(p.Lines, breakRow(d, &rows[i], width, i == v.list.At))
	}
	return p, b
}

func breakRow(d *component.Deck, r *sources.BreakRow, width int, chosen bool) string {
	t := d.Theme
	l := screen.NewRow(t, width, chosen, true)
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
	return l.String()
}

// Click implements component.Clickable: it chooses a row, and the second click goes to its newest hit.
func (v *breaks) Click(d *component.Deck, row int, again bool) tea.Cmd {
	at := v.list.Top + row - 2
	if row < 2 || at >= len(v.rows(d)) {
		return nil
	}
	v.Move(d, at-v.list.At)
	if again {
		return v.enter(d)
	}
	return nil
}

func breakKeys() []component.Key {
	return []component.Key{
		component.InOverlay(component.Key{Names: []string{"enter"}, Short: "newest hit", Help: "show everything as it was after the newest hit, as a double click does"}, (*breaks).enter),
		component.InOverlay(component.Key{Names: []string{"space"}, Short: "on, off", Help: "turn the breakpoint on or off"}, (*breaks).toggle),
		component.InOverlay(component.Key{Names: []string{"x", "delete"}, Label: "x", Short: "remove", Help: "remove the breakpoint"}, (*breaks).remove),
		{Names: []string{"B", "shift+b"}, Help: "breakpoints: what they are hit by, on and off", Rank: component.RankReport,
			For: component.AnyPane, Do: component.Plain(openBreaks)},
	}
}
