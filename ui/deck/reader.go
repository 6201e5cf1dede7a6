package deck

// kindOfLine says how a line to read is drawn.
type kindOfLine uint8

const (
	plainLine kindOfLine = iota
	headLine             // a heading
	factLine             // a label with its text
	goodLine
	warnLine
	badLine
	codeLine // a line of JSON
	restLine // what is left of a long text within JSON
	dimLine
	keyLine // a key with what it does
)

// textLine is one line to read. Its text is cleaned when it is drawn.
type textLine struct {
	kind   kindOfLine
	label  string
	text   string
	pick   bool // it can be chosen
	chosen bool
}

// reader is a text to scroll through.
type reader struct {
	lines  []textLine
	labels int // width of the labels
	top    int
}

// fact adds a labelled line, if there is something to say.
func (r *reader) fact(label, text string) {
	if text != "" {
		r.add(factLine, label, text)
	}
}

// choice adds a labelled line that can be chosen.
func (r *reader) choice(label, text string) {
	r.add(factLine, label, text)
	r.lines[len(r.lines)-1].pick = true
}

// mark chooses the line that is the nth of those that can be chosen, and returns its place; -1 when there is none.
func (r *reader) mark(nth int) int {
	for i := range r.lines {
		if !r.lines[i].pick {
			continue
		}
		if nth == 0 {
			r.lines[i].chosen = true
			return i
		}
		nth--
	}
	return -1
}

// picks is how many lines can be chosen.
func (r *reader) picks() int {
	n := 0
	for i := range r.lines {
		if r.lines[i].pick {
			n++
		}
	}
	return n
}

// fault adds a labelled line about what is wrong, if anything is.
func (r *reader) fault(label, text string) {
	if text != "" {
		r.add(badLine, label, "✗ "+text)
	}
}

func (r *reader) add(kind kindOfLine, label, text string) {
	r.labels = max(r.labels, cells(clean(label))+2)
	r.lines = append(r.lines, textLine{kind: kind, label: label, text: text})
}

func (r *reader) head(title string) {
	if len(r.lines) > 0 {
		r.add(plainLine, "", "")
	}
	r.add(headLine, "", title)
}

// wrapTo breaks labelled lines that are longer than the width; what follows stands under its beginning.
func (r *reader) wrapTo(width int) {
	room := max(width-min(r.labels, width/2)-2, 8)
	var lines []textLine
	for _, l := range r.lines {
		parts := []string{l.text}
		if l.kind != headLine && len(l.text) > room {
			if text := clean(l.text); cells(text) > room {
				parts = wrapped(text, room)
			}
		}
		for i, part := range parts {
			next := textLine{kind: l.kind, text: part}
			if i == 0 {
				next.label, next.pick = l.label, l.pick
			}
			lines = append(lines, next)
		}
	}
	r.lines = lines
}

func (r *reader) move(by, height int) { r.top = min(max(r.top+by, 0), max(len(r.lines)-height, 0)) }

// panel draws the lines that are seen.
func (r *reader) panel(t *theme, width, height int) panel {
	r.move(0, height)
	p := panel{total: len(r.lines), top: r.top, visible: height}
	for _, l := range r.lines[r.top:min(r.top+height, len(r.lines))] {
		p.lines = append(p.lines, r.line(t, l, width))
	}
	return p
}

func (r *reader) line(t *theme, x textLine, width int) string {
	l := newLine(width, "")
	if x.chosen {
		l = newRow(t, width, true, true)
	} else {
		l.gap(1)
	}
	text := cleanUpTo(x.text, l.left)
	switch x.kind {
	case headLine:
		l.put(t.accent.with(t.bright), text)
	case factLine:
		r.label(l, t.dim, x.label, width)
		l.put(t.text, text)
	case keyLine:
		r.label(l, t.key, x.label, width)
		l.put(t.text, text)
	case goodLine, warnLine, badLine, dimLine:
		r.label(l, t.dim, x.label, width)
		l.put(map[kindOfLine]style{goodLine: t.good, warnLine: t.warn, badLine: t.bad, dimLine: t.dim}[x.kind], text)
	case codeLine:
		code(l, t, text)
	case restLine:
		l.put(t.word, text)
	default:
		l.put(t.text, text)
	}
	return l.String()
}

func (r *reader) label(l *line, k style, label string, width int) {
	room := min(r.labels, width/2)
	l.cell(k, cut(cleanUpTo(label, room), room-2), room)
}
