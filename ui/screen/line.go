package screen

import "strings"

// Style is how text looks: the parameters of one SGR sequence, "1;38;5;12". The empty style is the terminal's own.
type Style string

// With is k with another style on top of it.
func (k Style) With(other Style) Style {
	if k == "" || other == "" {
		return k + other
	}
	return k + ";" + other
}

// Line builds one row of exactly as many cells as it was made for, from styles that the theme took from Lip Gloss's
// styles once: a frame draws hundreds of rows. All text given to it must be clean.
type Line struct {
	buf   []byte
	left  int   // cells still free
	under Style // lies under the whole line: the background of a selected row
	now   Style
}

// unset is the style before the first sequence of a line that has something under it.
const unset Style = "?"

// NewLine starts a row of so many cells.
func NewLine(width int, under Style) *Line {
	l := &Line{buf: make([]byte, 0, width*2+32), left: max(width, 0), under: under}
	if under != "" {
		l.now = unset
	}
	return l
}

// Free is how many cells are still free.
func (l *Line) Free() int { return l.left }

// use switches to a style.
func (l *Line) use(k Style) {
	if k = k.With(l.under); k == l.now {
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

// Put writes text, cut to what is free.
func (l *Line) Put(k Style, text string) { l.fit(k, text, min(Cells(text), l.left), false) }

// Left writes text at the left of so many cells.
func (l *Line) Left(k Style, text string, width int) { l.fit(k, text, width, false) }

// Right writes text at the right of so many cells.
func (l *Line) Right(k Style, text string, width int) { l.fit(k, text, width, true) }

// Tag writes text in a style with a background of its own, which must not run on into the blanks that follow.
func (l *Line) Tag(k Style, text string) {
	l.Put(k, text)
	l.use("")
}

// Gap leaves cells free.
func (l *Line) Gap(width int) { l.fit("", "", width, false) }

func (l *Line) fit(k Style, text string, width int, right bool) {
	width = min(width, l.left)
	if width <= 0 {
		return
	}
	text = Cut(text, width)
	pad := width - Cells(text)
	l.left -= width
	if right {
		l.blank(pad)
	}
	if text != "" {
		l.use(k)
		l.buf = append(l.buf, text...)
	}
	if !right {
		l.blank(pad)
	}
}

const blanks = "                                                                "

// blank appends spaces in the style that is in use: only a tag's would show on them, and Tag ends its style itself.
func (l *Line) blank(n int) {
	if n <= 0 {
		return
	}
	if l.now == unset {
		l.use("")
	}
	for ; n > len(blanks); n -= len(blanks) {
		l.buf = append(l.buf, blanks...)
	}
	l.buf = append(l.buf, blanks[:n]...)
}

// Rule draws a line over all that is free but for the last so many cells.
func (l *Line) Rule(k Style, except int) {
	n := l.left - except
	if n <= 0 {
		return
	}
	l.use(k)
	l.buf = append(l.buf, strings.Repeat("─", n)...)
	l.left -= n
}

// String ends the row.
func (l *Line) String() string {
	l.blank(l.left)
	l.left = 0
	if l.now != "" {
		l.buf = append(l.buf, "\x1b[m"...)
	}
	return string(l.buf)
}
