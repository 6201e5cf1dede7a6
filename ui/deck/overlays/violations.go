package overlays

import (
	"cmp"
	"slices"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// violations lists the events that violated what a domain says is to hold always, the newest first.
type violations struct{ rowList }

// Name implements component.Overlay.
func (v *violations) Name() string { return "violations" }

func openViolations(d *component.Deck) {
	v := &violations{}
	v.of = func(d *component.Deck) rows {
		all := violationRows(d)
		return rows{
			n:    len(all),
			key:  func(i int) string { return all[i].invariant + "\x00" + strconv.FormatUint(all[i].Number, 10) },
			head: func(l *screen.Line) { violationHead(d.Theme, l) },
			row:  func(i int, l *screen.Line) { violationRow(d, &all[i], l) },
			enter: func(i int) tea.Cmd {
				d.Close()
				goTo(d, all[i].Entity, all[i].Number)
				return nil
			},
		}
	}
	d.Open(v)
}

// violation is an event that violated an invariant.
type violation struct {
	sources.BreakHit
	invariant string
}

// violationRows are the newest violations of each invariant.
func violationRows(d *component.Deck) []violation {
	var rows []violation
	for _, r := range d.Snapshot().Invariants {
		for _, hit := range r.Events {
			rows = append(rows, violation{hit, r.Text})
		}
	}
	slices.SortStableFunc(rows, func(a, b violation) int { return cmp.Compare(b.Number, a.Number) })
	return rows
}

// Draw implements component.Overlay.
func (v *violations) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	all, invariants := Violations(d)
	p := screen.Panel{Title: "violations", Info: append(d.OfNow(), screen.Grouped(all)+" of "+screen.Plural(uint64(invariants), "invariant"))}
	if listed := v.of(d).n; uint64(listed) < all {
		p.Info = append(p.Info, "the newest "+strconv.Itoa(listed)+" listed")
	}
	if invariants == 0 {
		return v.panel(d, p, "no domain says what is to hold always: write it below always: in its file")
	}
	return v.panel(d, p, "none: all that domains say is to hold always has held so far")
}

func violationHead(t *screen.Theme, l *screen.Line) {
	l.Left(t.Dim, "when", 14)
	l.Left(t.Dim, "entity", 28)
	l.Left(t.Dim, "event", 22)
	l.Put(t.Dim, "violated")
}

func violationRow(d *component.Deck, x *violation, l *screen.Line) {
	t := d.Theme
	if x.Time.IsZero() {
		l.Left(t.Faint, "held no more", 14)
	} else {
		l.Left(t.Faint, d.Clock(x.Time, true), 14)
	}
	l.Left(t.Text, screen.CutID(screen.CleanID(x.Entity.ID), 27), 28)
	l.Left(t.Bright, screen.CutMiddle(screen.CleanUpTo(x.Type, 100), 21), 22)
	l.Put(t.Bad, "! "+screen.CleanUpTo(x.invariant, l.Free()))
}

// Violations is how often invariants were violated, and how many there are.
func Violations(d *component.Deck) (violations uint64, invariants int) {
	rows := d.Snapshot().Invariants
	for i := range rows {
		violations += rows[i].Hits
	}
	return violations, len(rows)
}

func violationKeys() []component.Key {
	return []component.Key{
		component.InOverlay(component.Key{Names: []string{"enter"}, Short: "go there", Help: "show everything as it was after the violation, as a double click does"}, func(v *violations, d *component.Deck) tea.Cmd { return v.enter(d) }),
		{Names: []string{"!"}, Help: "violations of what domains say holds always", Rank: component.RankReport,
			For: component.AnyPane, Do: component.Plain(openViolations)},
	}
}
