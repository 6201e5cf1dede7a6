package deck

import "strings"

// panel is what a pane or an overlay shows inside its border.
type panel struct {
	number  string // of the pane; "" for overlays
	title   string // clean
	chips   []chip // after the title: filters
	info    []string
	lines   []string // each exactly as wide as the inside; missing ones are blank
	total   int      // rows there are, when they can be scrolled
	top     int      // how many of them are above the first line
	visible int
}

// chip is a short mark in a title.
type chip struct {
	style style
	text  string
}

func (t *theme) border(focused bool) style {
	if focused {
		return t.frameOn
	}
	return t.frame
}

// dyed is text in a style.
func dyed(k style, text string) string {
	if k == "" {
		return text
	}
	return "\x1b[" + string(k) + "m" + text + "\x1b[m"
}

// head draws the upper border: ╭ 1 Stations ────── info ╮.
func (p *panel) head(t *theme, width int, focused bool) string {
	border, title := t.border(focused), t.title
	if focused {
		title = t.titleOn
	}
	l := newLine(width, "")
	l.put(border, "╭ ")
	if p.number != "" {
		l.put(t.faint, p.number+" ")
	}
	info := strings.Join(p.info, " ─ ")
	infoWidth := 0
	if info != "" {
		infoWidth = cells(info) + 2
	}
	if infoWidth > (width-4)*3/5 && cells(p.title)+infoWidth+8 > width {
		info, infoWidth = "", 0
	}
	free := l.left - infoWidth - 3
	for _, c := range p.chips { // what narrows a pane is said before how many rows are left of it
		free -= min(cells(c.text)+1, max(free-8, 0))
	}
	l.put(title, cut(p.title, free))
	for _, c := range p.chips {
		if room := l.left - infoWidth - 4; room > 4 {
			l.put(border, " ")
			l.tag(c.style, cut(c.text, room))
		}
	}
	l.put(border, " ")
	if info == "" {
		l.rule(border, 1)
		l.put(border, "╮")
		return l.String()
	}
	l.rule(border, infoWidth+1)
	l.put(t.dim, " "+info+" ")
	l.put(border, "╮")
	return l.String()
}

// foot draws the lower border.
func (p *panel) foot(border style, width int) string {
	l := newLine(width, "")
	l.put(border, "╰")
	l.rule(border, 1)
	l.put(border, "╯")
	return l.String()
}

// thumb tells which inner rows of a border show the scroll bar's handle: from (inclusive) to (exclusive).
func (p *panel) thumb(height int) (from, to int) {
	if p.total <= p.visible || p.visible <= 0 || height <= 0 {
		return 0, 0
	}
	size := max(1, height*p.visible/p.total)
	from = (height - size) * p.top / max(1, p.total-p.visible)
	from = min(max(from, 0), height-size)
	return from, from + size
}

// framed draws a panel with its border as rows of exactly width cells.
func (p *panel) framed(t *theme, width, height int, focused bool) []string {
	rows := make([]string, 0, height)
	rows = append(rows, p.head(t, width, focused))
	side, handle := dyed(t.border(focused), "│"), dyed(t.border(focused), "┃")
	blank := strings.Repeat(" ", max(width-2, 0))
	from, to := p.thumb(height - 2)
	for i := range height - 2 {
		inside, right := blank, side
		if i < len(p.lines) {
			inside = p.lines[i]
		}
		if i >= from && i < to {
			right = handle
		}
		rows = append(rows, side+inside+right)
	}
	return append(rows, p.foot(t.border(focused), width))
}
