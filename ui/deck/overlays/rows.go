package overlays

import (
	tea "charm.land/bubbletea/v2"

	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// rowList is an overlay of rows below a heading, one of which is chosen: what breakpoints, violations and found moments are
// listed in.
type rowList struct {
	component.ReadOnly
	list screen.List
	of   func(*component.Deck) rows // as they are now
}

// rows are those of a rowList.
type rows struct {
	n     int
	key   func(i int) string // by which a row is known when others come and go
	head  func(*screen.Line)
	row   func(i int, l *screen.Line)
	enter func(i int) tea.Cmd
}

// Move implements component.Overlay.
func (v *rowList) Move(d *component.Deck, by int) {
	r := v.of(d)
	v.list.Restore(r.n, r.key)
	v.list.Move(by, r.n, r.key)
}

// chosen is the index of the chosen row; false when there is none.
func (v *rowList) chosen(d *component.Deck) (i int, ok bool) {
	r := v.of(d)
	v.list.Restore(r.n, r.key)
	return v.list.At, r.n > 0
}

// enter does what the chosen row is for.
func (v *rowList) enter(d *component.Deck) tea.Cmd {
	if i, ok := v.chosen(d); ok {
		return v.of(d).enter(i)
	}
	return nil
}

// Click implements component.Clickable: it chooses a row, and the second click enters it.
func (v *rowList) Click(d *component.Deck, row int, again bool) tea.Cmd {
	at, r := v.list.Top+row-2, v.of(d)
	if row < 2 || at >= r.n {
		return nil
	}
	v.list.Move(at-v.list.At, r.n, r.key)
	if again {
		return r.enter(at)
	}
	return nil
}

// panel draws the rows below their heading, or a note where there are none.
func (v *rowList) panel(d *component.Deck, p screen.Panel, none ...string) (screen.Panel, layout.Box) {
	r, b := v.of(d), d.Layout().Large()
	b = d.Layout().Centred(b.W, min(b.H, max(r.n+3, 8)))
	width, height := b.W-2, b.H-2
	if r.n == 0 {
		p.Lines = screen.Note(d.Theme, width, none...)
		return p, b
	}
	v.list.Restore(r.n, r.key)
	from, to := v.list.Scroll(r.n, height-1)
	p.Total, p.Top, p.Visible = r.n, from, height-1
	head := screen.NewLine(width, "")
	head.Gap(1)
	r.head(head)
	p.Lines = append(p.Lines, head.String())
	for i := from; i < to; i++ {
		l := screen.NewRow(d.Theme, width, i == v.list.At, true)
		r.row(i, l)
		p.Lines = append(p.Lines, l.String())
	}
	return p, b
}

// goTo shows everything as it was after an event.
func goTo(d *component.Deck, of sources.Entity, number uint64) {
	d.Trail.Stay()
	d.Selection.Choose(of)
	d.Time.GoTo(number)
}
