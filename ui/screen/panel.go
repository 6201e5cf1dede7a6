package screen

import "strings"

// Panel is what a pane or an overlay shows inside its border.
type Panel struct {
	Number  string // of the pane; "" for overlays
	Title   string // clean
	Chips   []Chip // after the title: filters
	Info    []string
	Lines   []string // each exactly as wide as the inside; missing ones are blank
	Total   int      // rows there are, when they can be scrolled
	Top     int      // how many of them are above the first line
	Visible int
}

// Chip is a short mark in a title.
type Chip struct {
	Style Style
	Text  string
	Least string // what stands there where there is no room for Text, if that can be shorter
}

// within is what of the mark has room.
func (c *Chip) within(room int) string {
	if c.Least != "" && Cells(c.Text) > room {
		return Cut(c.Least, room)
	}
	return Cut(c.Text, room)
}

func (t *Theme) border(focused bool) Style {
	if focused {
		return t.FrameOn
	}
	return t.Frame
}

// Paint puts text into a style.
func Paint(k Style, text string) string {
	if k == "" {
		return text
	}
	return "\x1b[" + string(k) + "m" + text + "\x1b[m"
}

// head draws the upper border: ╭ 1 Stations ────── info ╮.
func (p *Panel) head(t *Theme, width int, focused bool) string {
	border, title := t.border(focused), t.Title
	if focused {
		title = t.TitleOn
	}
	l := NewLine(width, "")
	l.Put(border, "╭ ")
	if p.Number != "" {
		l.Put(t.Faint, p.Number+" ")
	}
	info := strings.Join(p.Info, " ─ ")
	infoWidth := 0
	if info != "" {
		infoWidth = Cells(info) + 2
	}
	if infoWidth > (width-4)*3/5 && Cells(p.Title)+infoWidth+8 > width {
		info, infoWidth = "", 0
	}
	free := l.left - infoWidth - 3
	for _, c := range p.Chips { // what narrows a pane is said before how many rows are left of it
		free -= min(Cells(c.Text)+1, max(free-8, 0))
	}
	l.Put(title, CutParts(p.Title, free))
	for _, c := range p.Chips {
		if room := l.left - infoWidth - 4; room > 4 {
			l.Put(border, " ")
			l.Tag(c.Style, c.within(room))
		}
	}
	l.Put(border, " ")
	if info == "" {
		l.Rule(border, 1)
		l.Put(border, "╮")
		return l.String()
	}
	l.Rule(border, infoWidth+1)
	l.Put(t.Dim, " "+info+" ")
	l.Put(border, "╮")
	return l.String()
}

// foot draws the lower border.
func (p *Panel) foot(border Style, width int) string {
	l := NewLine(width, "")
	l.Put(border, "╰")
	l.Rule(border, 1)
	l.Put(border, "╯")
	return l.String()
}

// thumb tells which inner rows of a border show the scroll bar's handle: from (inclusive) to (exclusive).
func (p *Panel) thumb(height int) (from, to int) {
	if p.Total <= p.Visible || p.Visible <= 0 || height <= 0 {
		return 0, 0
	}
	size := max(1, height*p.Visible/p.Total)
	from = (height - size) * p.Top / max(1, p.Total-p.Visible)
	from = min(max(from, 0), height-size)
	return from, from + size
}

// Draw draws a panel with its border as rows of exactly width cells.
func (p *Panel) Draw(t *Theme, width, height int, focused bool) []string {
	rows := make([]string, 0, height)
	rows = append(rows, p.head(t, width, focused))
	side, handle := Paint(t.border(focused), "│"), Paint(t.border(focused), "┃")
	blank := strings.Repeat(" ", max(width-2, 0))
	from, to := p.thumb(height - 2)
	for i := range height - 2 {
		inside, right := blank, side
		if i < len(p.Lines) {
			inside = p.Lines[i]
		}
		if i >= from && i < to {
			right = handle
		}
		rows = append(rows, side+inside+right)
	}
	return append(rows, p.foot(t.border(focused), width))
}
