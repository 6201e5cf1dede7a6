package deck

import (
	"strconv"
	"strings"

	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// draw is the whole frame.
func (m *model) draw() string {
	l := m.Layout()
	if l.Width == 0 {
		return ""
	}
	if l.TooSmall {
		return tooSmall(l)
	}
	o := m.Overlays.Top()
	if o == nil {
		return strings.Join(m.base(m.ends()), "\n")
	}
	if _, whole := o.(component.Whole); whole {
		return strings.Join(m.base(m.ends()), "\n")
	}
	p, b := o.Draw(&m.Deck)
	m.over, m.seen = b, p.Visible
	rows := p.Draw(m.Theme, b.W, b.H, true)
	if b.W >= l.Width {
		return m.layBand(rows, b)
	}
	return m.layOver(rows, b)
}

// layBand replaces whole rows of the frame.
func (m *model) layBand(rows []string, b layout.Box) string {
	base := m.base(m.ends())
	for i, row := range rows {
		if y := b.Y + i; y >= 0 && y < len(base) {
			base[y] = row
		}
	}
	return strings.Join(base, "\n")
}

// layOver draws the frame without styles and the overlay over it. The header and the keys stay as they are.
func (m *model) layOver(rows []string, b layout.Box) string {
	bright := m.Theme
	top, bottom := m.ends()
	m.Theme = screen.PlainTheme
	base := m.base(top, bottom)
	m.Theme = bright
	end := len(base) - 1
	if s := m.Layout().Strip; s.H > 0 { // the story goes on to be seen
		end = s.Y
		copy(base[end:], m.strip())
	}
	for y := 1; y < len(base)-1; y++ {
		i := y - b.Y
		if covered := i >= 0 && i < len(rows); y >= end && !covered {
			continue
		}
		if i < 0 || i >= len(rows) {
			base[y] = screen.Paint(bright.Faint, base[y])
			continue
		}
		base[y] = screen.Paint(bright.Faint, screen.Slice(base[y], 0, b.X)) + rows[i] +
			screen.Paint(bright.Faint, screen.Slice(base[y], b.X+b.W, m.Layout().Width))
	}
	return strings.Join(base, "\n")
}

// ends are the first row and the last.
func (m *model) ends() (top, bottom string) {
	return header(&m.Deck, m.title), footer(&m.Deck, &m.keys)
}

// base is the frame without overlays, one string a row, between its ends.
func (m *model) base(top, bottom string) []string {
	l := m.Layout()
	if whole := m.whole(); whole != nil {
		return append(whole.Frame(&m.Deck, l.Width, l.Height-1), bottom)
	}
	rows := make([]string, 0, l.Height)
	rows = append(rows, top)
	if l.Tabs {
		rows = append(rows, tabs(&m.Deck))
	}
	for n, band := range l.Bands {
		framed := make([][]string, len(band))
		for i, a := range band {
			framed[i] = m.drawPane(a)
		}
		height := band[0].H
		if n+1 < len(l.Bands) {
			height-- // the next band's titles stand there
		}
		for y := range height {
			var row strings.Builder
			for i := range framed {
				row.WriteString(framed[i][y])
			}
			rows = append(rows, row.String())
		}
	}
	if l.Strip.H > 0 { // where it has a border, the upper one stands where the last band ends
		rows = append(rows[:l.Strip.Y], m.strip()...)
	}
	return append(rows, bottom)
}

// whole is the overlay that takes the place of the panes; nil when there is none.
func (m *model) whole() component.Whole {
	for _, o := range m.Overlays.All() {
		if w, ok := o.(component.Whole); ok {
			return w
		}
	}
	return nil
}

// strip draws the strip, with its border where it has one.
func (m *model) strip() []string {
	b := m.Layout().Strip
	if !m.Layout().Bordered() {
		return []string{m.Strip.StripRow(&m.Deck, b.W)}
	}
	p := m.Strip.Strip(&m.Deck, b.W-2, b.H-2)
	return p.Draw(m.Theme, b.W, b.H, false)
}

// drawPane draws a pane with its number and its border.
func (m *model) drawPane(a layout.Area) []string {
	pane := m.Panes.All()[a.Pane]
	focused := pane == m.Panes.Focused()
	p := pane.Draw(&m.Deck, a.W-2, a.H-2, focused)
	p.Number = strconv.Itoa(a.Pane + 1)
	if sign, past := m.Sign(a.W); past {
		p.Chips = append([]screen.Chip{sign}, p.Chips...)
		return p.Draw(m.Theme.OfPast(), a.W, a.H, focused)
	}
	return p.Draw(m.Theme, a.W, a.H, focused)
}

// tabName is what stands in the strip of tabs for a pane.
func tabName(number int, pane component.Pane) string {
	return " " + strconv.Itoa(number+1) + " " + pane.Title() + " "
}

// tabGap is how far tabs stand apart.
func tabGap(l *layout.Layout) int {
	if l.Width < 64 {
		return 0
	}
	return 1
}

// tabs is the strip that says which panes there are.
func tabs(d *component.Deck) string {
	l := screen.NewLine(d.Layout().Width, "")
	l.Gap(1)
	for i, pane := range d.Panes.All() {
		name := tabName(i, pane)
		switch {
		case pane == d.Panes.Focused():
			l.Tag(d.Theme.Tab, name)
		case d.Panes.Rows(pane) > 0:
			l.Put(d.Theme.Text, name)
		default:
			l.Put(d.Theme.Dim, name)
		}
		l.Gap(tabGap(d.Layout()))
	}
	if d.Panes.Zoomed() {
		text := "· zoomed, z for all"
		if screen.Cells(text) > l.Free() {
			text = "· zoomed"
		}
		l.Put(d.Theme.Dim, text)
	}
	return l.String()
}

// tooSmall is what a window too small for panes shows.
func tooSmall(l *layout.Layout) string {
	rows := screen.Wrap("signalbox needs a window of 60×15 or more; this one is smaller. It goes on collecting. q quits.",
		l.Width)
	return strings.Join(rows[:min(len(rows), max(l.Height, 1))], "\n")
}
