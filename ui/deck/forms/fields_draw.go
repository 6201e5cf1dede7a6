package forms

import (
	"strings"

	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// widestForm is how wide a form is where there is room.
const widestForm = 88

// fieldLook is what a field shows beside what is filled in.
type fieldLook struct {
	label   string
	about   string   // what it is about, and what may be filled in
	options []string // to choose from; none when it is typed
}

// formLook is what a form shows beside its fields.
type formLook struct {
	title, info, about string
	fields             []fieldLook
	button             func(t *screen.Theme, width int) string
	below              func(t *screen.Theme, width, room int) []string
	height             int // that it would like; 0 is what its lines take
}

// drawForm draws a form: what it is about, its fields with a remark at the one being filled, the button, and what stands below. In
// a low window the field being filled stays in sight.
func (s *fields) drawForm(d *component.Deck, look formLook) (screen.Panel, layout.Box) {
	t := d.Theme
	width := min(widestForm, d.Layout().Width) - 2
	p := screen.Panel{Title: look.title}
	if look.info != "" {
		p.Info = []string{look.info}
	}
	blank := screen.NewLine(width, "").String()
	p.Lines = append(screen.Note(t, width, screen.Clean(look.about)), blank)
	labels := labelWidth(width, look.fields)
	at := 0
	for i, f := range look.fields {
		if i == s.at {
			at = len(p.Lines)
		}
		p.Lines = append(p.Lines, s.field(t, i, f, labels, width))
		p.Lines = append(p.Lines, s.remark(t, i, f.about, labels, width)...)
	}
	if s.at >= len(look.fields) {
		at = len(p.Lines) + 1
	}
	p.Lines = append(p.Lines, blank, look.button(t, width))
	most := d.Layout().Height - 2
	room := most - 2 - len(p.Lines)
	if look.height > 0 {
		room = min(look.height, most) - 2 - len(p.Lines)
	}
	p.Lines = append(p.Lines, look.below(t, width, max(room, 3))...)
	b := d.Layout().Centred(widestForm, max(look.height, len(p.Lines)+2))
	if over := len(p.Lines) - (b.H - 2); over > 0 {
		first := min(max(at-3, 0), over)
		p.Lines = p.Lines[first : first+b.H-2]
	}
	return p, b
}

// field is the line of a field: its label, and what is filled in.
func (s *fields) field(t *screen.Theme, i int, f fieldLook, labels, width int) string {
	l := screen.NewRow(t, width, i == s.at, true)
	style := t.Dim
	if i == s.at {
		style = t.Bright
	}
	l.Gap(1)
	l.Left(style, screen.Cut(screen.Clean(f.label), labels-1), labels)
	for _, option := range f.options {
		if option == s.inputs[i].Value() {
			l.Put(t.Accent.With(t.Bright), "(•) "+screen.Clean(option)+"   ")
		} else {
			l.Put(t.Dim, "( ) "+screen.Clean(option)+"   ")
		}
	}
	if len(f.options) == 0 {
		s.inputs[i].Draw(l, t, "")
	}
	return l.String()
}

// remark stands under a field: what is wrong with it or, while it is being filled, what it is about.
func (s *fields) remark(t *screen.Theme, i int, about string, labels, width int) []string {
	k, text := t.Faint, about
	switch {
	case s.faultAt == i:
		k, text = t.Bad, "✗ "+s.fault
	case i != s.at:
		return nil
	case len(s.seen[i]) > 1:
		text += " · ctrl+n for another of " + screen.Grouped(uint64(len(s.seen[i])))
	}
	var lines []string
	for _, part := range screen.Wrap(screen.Clean(strings.TrimPrefix(text, " · ")), max(width-labels-3, 8)) {
		l := screen.NewLine(width, "")
		l.Gap(labels + 2)
		l.Put(k, part)
		lines = append(lines, l.String())
	}
	return lines
}

// labelWidth is how many cells the labels take.
func labelWidth(width int, fields []fieldLook) int {
	widest := 0
	for _, f := range fields {
		widest = max(widest, screen.Cells(screen.Clean(f.label)))
	}
	return min(widest, width/3) + 2
}

// buttonRow begins the line of the button.
func (s *fields) buttonRow(t *screen.Theme, text string, width int) *screen.Line {
	l := screen.NewRow(t, width, s.at == len(s.inputs), true)
	style := t.Accent.With(t.Bright)
	if s.at == len(s.inputs) {
		style = style.With(t.Reverse)
	}
	l.Gap(1)
	l.Tag(style, " "+text+" ")
	return l
}
