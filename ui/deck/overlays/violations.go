package overlays

import (
	"cmp"
	"slices"

	tea "charm.land/bubbletea/v2"

	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// violations lists the events that violated what a domain says is to hold always, the newest first.
type violations struct {
	component.ReadOnly
	list screen.List
}

// Name implements component.Overlay.
func (v *violations) Name() string { return "violations" }

func openViolations(d *component.Deck) { d.Open(&violations{}) }

// violation is an event that violated an invariant.
type violation struct {
	sources.BreakHit
	invariant string
}

// rows are the newest violations of each invariant.
func (v *violations) rows(d *component.Deck) []violation {
	var rows []violation
	for _, r := range d.Snapshot().Invariants {
		for _, hit := range r.Events {
			rows = append(rows, violation{hit, r.Text})
		}
	}
	slices.SortStableFunc(rows, func(a, b violation) int { return cmp.Compare(b.Number, a.Number) })
	return rows
}

func violationKey(rows []violation) func(int) string {
	return func(i int) string { return rows[i].invariant + "\x00" + screen.Grouped(rows[i].Number) }
}

func (v *violations) Move(d *component.Deck, by int) {
	rows := v.rows(d)
	v.list.Move(by, len(rows), violationKey(rows))
}

// enter shows everything as it was after the event.
func (v *violations) enter(d *component.Deck) tea.Cmd {
	rows := v.rows(d)
	if len(rows) == 0 {
		return nil
	}
	v.list.Restore(len(rows), violationKey(rows))
	x := rows[v.list.At]
	d.Close()
	d.Trail.Stay()
	d.Selection.Choose(x.Entity)
	d.Time.GoTo(x.Number)
	return nil
}

func (v *violations) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	rows, b, t := v.rows(d), d.Layout().Large(), d.Theme
	b = d.Layout().Centred(b.W, min(b.H, max(len(rows)+3, 8)))
	width, height := b.W-2, b.H-2
	all, invariants := Violations(d)
	p := screen.Panel{Title: "violations", Info: []string{screen.Grouped(all) + " of " + screen.Plural(uint64(invariants), "invariant")}}
	switch {
	case invariants == 0:
		p.Lines = screen.Note(t, width, "no domain says what is to hold always: write it below always: in its file")
		return p, b
	case len(rows) == 0:
		p.Lines = screen.Note(t, width, "none: all that domains say is to hold always has held so far")
		return p, b
	}
	v.list.Restore(len(rows), violationKey(rows))
	from, to := v.list.Scroll(len(rows), height-1)
	p.Total, p.Top, p.Visible = len(rows), from, height-1
	l := screen.NewLine(width, "")
	l.Gap(1)
	l.Left(t.Dim, "when", 14)
	l.Left(t.Dim, "entity", 28)
	l.Left(t.Dim, "event", 22)
	l.Put(t.Dim, "violated")
	p.Lines = append(p.Lines, l.String())
	for i := from; i < to; i++ {
		p.Lines = append(p.Lines, violationRow(d, &rows[i], width, i == v.list.At))
	}
	return p, b
}

func violationRow(d *component.Deck, x *violation, width int, chosen bool) string {
	t := d.Theme
	l := screen.NewRow(t, width, chosen, true)
	if x.Time.IsZero() {
		l.Left(t.Faint, "held no more", 14)
	} else {
		l.Left(t.Faint, d.Clock(x.Time, true), 14)
	}
	l.Left(t.Text, screen.CutID(screen.CleanID(x.Entity.ID), 27), 28)
	l.Left(t.Bright, screen.CutMiddle(screen.CleanUpTo(x.Type, 100), 21), 22)
	l.Put(t.Bad, "! "+screen.CleanUpTo(x.invariant, l.Free()))
	return l.String()
}

// Violations is how often invariants were violated, and how many there are.
func Violations(d *component.Deck) (violations uint64, invariants int) {
	rows := d.Snapshot().Invariants
	for i := range rows {
		violations += rows[i].Hits
	}
	return violations, len(rows)
}

// Click implements component.Clickable: it chooses a row, and the second click goes there.
func (v *violations) Click(d *component.Deck, row int, again bool) tea.Cmd {
	at, rows := v.list.Top+row-2, v.rows(d)
	if row < 2 || at >= len(rows) {
		return nil
	}
	v.list.Move(at-v.list.At, len(rows), violationKey(rows))
	if again {
		return v.enter(d)
	}
	return nil
}

func violationKeys() []component.Key {
	return []component.Key{
		component.InOverlay(component.Key{Names: []string{"enter"}, Short: "go there", Help: "show everything as it was after the violation, as a double click does"}, (*violations).enter),
		{Names: []string{"!"}, Help: "violations of what domains say holds always", Rank: component.RankReport,
			For: component.AnyPane, Do: component.Plain(openViolations)},
	}
}
