package screen

import (
	"slices"
	"strings"
)

// LineKind says how a line to read is drawn.
type LineKind uint8

// The kinds of lines.
const (
	PlainLine LineKind = iota
	HeadLine           // a heading
	FactLine           // a label with its text
	GoodLine
	WarnLine
	BadLine
	CodeLine // a line of JSON
	RestLine // what is left of a long text within JSON
	DimLine
	KeyLine // a key with what it does
)

// TextLine is one line to read. Its text is cleaned when it is drawn.
type TextLine struct {
	Kind   LineKind
	Label  string
	Text   string
	Pick   bool // it can be chosen
	Chosen bool
}

// Text is a text to scroll through.
type Text struct {
	Lines  []TextLine
	Top    int // the first line that is drawn
	labels int // width of the labels
}

// longLabel is from where on a label takes its room from its own text alone, and moves no other's.
const longLabel = 26

// Fact adds a labelled line, if there is something to say.
func (r *Text) Fact(label, text string) {
	if text != "" {
		r.Add(FactLine, label, text)
	}
}

// Choice adds a labelled line that can be chosen.
func (r *Text) Choice(label, text string) {
	r.Add(FactLine, label, text)
	r.Lines[len(r.Lines)-1].Pick = true
}

// Choose chooses the line that is the nth of those that can be chosen, and returns its place; -1 when there is none.
func (r *Text) Choose(nth int) int {
	for i := range r.Lines {
		if !r.Lines[i].Pick {
			continue
		}
		if nth == 0 {
			r.Lines[i].Chosen = true
			return i
		}
		nth--
	}
	return -1
}

// Chosen is the place of the line that is chosen; -1 when none is.
func (r *Text) Chosen() int {
	return slices.IndexFunc(r.Lines, func(l TextLine) bool { return l.Chosen })
}

// Choices is how many lines can be chosen.
func (r *Text) Choices() int {
	n := 0
	for i := range r.Lines {
		if r.Lines[i].Pick {
			n++
		}
	}
	return n
}

// Fault adds a labelled line about what is wrong, if anything is.
func (r *Text) Fault(label, text string) {
	if text != "" {
		r.Add(BadLine, label, "✗ "+text)
	}
}

// Add adds a line.
func (r *Text) Add(kind LineKind, label, text string) {
	if width := Cells(Clean(label)) + 2; width <= longLabel {
		r.labels = max(r.labels, width)
	}
	r.Lines = append(r.Lines, TextLine{Kind: kind, Label: label, Text: text})
}

// Heading adds a heading, with an empty line above it.
func (r *Text) Heading(title string) {
	if len(r.Lines) > 0 {
		r.Add(PlainLine, "", "")
	}
	r.Add(HeadLine, "", title)
}

// Wrap breaks labelled lines that are longer than the width; what follows stands under its beginning.
func (r *Text) Wrap(width int) {
	var lines []TextLine
	for _, l := range r.Lines {
		parts, room := []string{l.Text}, max(width-r.labelWidth(l.Label, width)-2, 8)
		if l.Kind != HeadLine && len(l.Text) > room {
			if text := Clean(l.Text); Cells(text) > room {
				parts = Wrap(text, room)
			}
		}
		for i, part := range parts {
			next := TextLine{Kind: l.Kind, Text: part}
			if i == 0 {
				next.Label, next.Pick = l.Label, l.Pick
			}
			lines = append(lines, next)
		}
	}
	r.Lines = lines
}

// String is the text without styles, a line each.
func (r *Text) String() string {
	var out strings.Builder
	for _, l := range r.Lines {
		if l.Label != "" {
			out.WriteString(l.Label + "  ")
		}
		out.WriteString(l.Text + "\n")
	}
	return out.String()
}

// Move scrolls by so many lines, as far as there are any.
func (r *Text) Move(by, height int) { r.Top = min(max(r.Top+by, 0), max(len(r.Lines)-height, 0)) }

// Panel draws the lines that are seen.
func (r *Text) Panel(t *Theme, width, height int) Panel {
	r.Move(0, height)
	p := Panel{Total: len(r.Lines), Top: r.Top, Visible: height}
	for _, l := range r.Lines[r.Top:min(r.Top+height, len(r.Lines))] {
		p.Lines = append(p.Lines, r.DrawLine(t, l, width))
	}
	return p
}

// DrawLine draws one line.
func (r *Text) DrawLine(t *Theme, x TextLine, width int) string {
	l := NewLine(width, "")
	if x.Chosen {
		l = NewRow(t, width, true, true)
	} else {
		l.Gap(1)
	}
	text := CleanUpTo(x.Text, l.left)
	switch x.Kind {
	case HeadLine:
		l.Put(t.Accent.With(t.Bright), text)
	case FactLine:
		r.label(l, t.Dim, x.Label, width)
		l.Put(t.Text, text)
	case KeyLine:
		r.label(l, t.Key, x.Label, width)
		l.Put(t.Text, text)
	case GoodLine, WarnLine, BadLine, DimLine:
		r.label(l, t.Dim, x.Label, width)
		l.Put(map[LineKind]Style{GoodLine: t.Good, WarnLine: t.Warn, BadLine: t.Bad, DimLine: t.Dim}[x.Kind], text)
	case CodeLine:
		PutJSON(l, t, text)
	case RestLine:
		l.Put(t.Word, text)
	default:
		l.Put(t.Text, text)
	}
	return l.String()
}

func (r *Text) label(l *Line, k Style, label string, width int) {
	room := r.labelWidth(label, width)
	l.Left(k, Cut(CleanUpTo(label, room), room-2), room)
}

// labelWidth is how many cells a label takes, with the gap behind it.
func (r *Text) labelWidth(label string, width int) int {
	return min(max(r.labels, Cells(CleanUpTo(label, width))+2), width/2)
}
