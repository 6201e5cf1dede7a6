package deck

import "strings"

// style is how text looks: the parameters of one SGR sequence, "1;38;5;12". The empty style is the terminal's own.
type style string

// with lays another style over k.
func (k style) with(other style) style {
	if k == "" || other == "" {
		return k + other
	}
	return k + ";" + other
}

// line builds one row of exactly as many cells as it was made for, from styles that the theme took from Lip Gloss's
// styles once: a frame draws hundreds of rows. All text given to it must be clean.
type line struct {
	buf   []byte
	left  int   // cells still free
	under style // lies under the whole line: the background of a selected row
	now   style
}

// unset is the style before the first sequence of a line that has something under it.
const unset style = "?"

// newLine starts a row of so many cells.
func newLine(width int, under style) *line {
	l := &line{buf: make([]byte, 0, width*2+32), left: max(width, 0), under: under}
	if under != "" {
		l.now = unset
	}
	return l
}

// free is how many cells are still free.
func (l *line) free() int { return l.left }

// dye switches to a style.
func (l *line) dye(k style) {
	if k = k.with(l.under); k == l.now {
		return
	}
	l.now = k
	if k == "" {
		l.buf = append(l.buf, "\x1b[m"...)
		return
	}
	l.buf = append(l.buf, "\x1b[0;"...)
	l.buf = append(l.buf, k...)
	l.buf = append(l.buf, 'm')
}

// put writes text, cut to what is free.
func (l *line) put(k style, text string) { l.fit(k, text, min(cells(text), l.left), false) }

// cell writes text at the left of so many cells.
func (l *line) cell(k style, text string, width int) { l.fit(k, text, width, false) }

// figure writes text at the right of so many cells.
func (l *line) figure(k style, text string, width int) { l.fit(k, text, width, true) }

// tag writes text in a style with a background of its own, which must not run on into the blanks that follow.
func (l *line) tag(k style, text string) {
	l.put(k, text)
	l.dye("")
}

// gap leaves cells free.
func (l *line) gap(width int) { l.fit("", "", width, false) }

func (l *line) fit(k style, text string, width int, right bool) {
	width = min(width, l.left)
	if width <= 0 {
		return
	}
	text = cut(text, width)
	pad := width - cells(text)
	l.left -= width
	if right {
		l.blank(pad)
	}
	if text != "" {
		l.dye(k)
		l.buf = append(l.buf, text...)
	}
	if !right {
		l.blank(pad)
	}
}

const blanks = "                                                                "

// blank appends spaces in whatever style is on, since none but a tag's shows on them.
func (l *line) blank(n int) {
	if n <= 0 {
		return
	}
	if l.now == unset {
		l.dye("")
	}
	for ; n > len(blanks); n -= len(blanks) {
		l.buf = append(l.buf, blanks...)
	}
	l.buf = append(l.buf, blanks[:n]...)
}

// rule draws a line over all that is free but for the last so many cells.
func (l *line) rule(k style, except int) {
	n := l.left - except
	if n <= 0 {
		return
	}
	l.dye(k)
	l.buf = append(l.buf, strings.Repeat("─", n)...)
	l.left -= n
}

// String ends the row.
func (l *line) String() string {
	l.blank(l.left)
	l.left = 0
	if l.now != "" {
		l.buf = append(l.buf, "\x1b[m"...)
	}
	return string(l.buf)
}
