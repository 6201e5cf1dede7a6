package forms

import (
	"strconv"
	"strings"

	"signalbox/scenarios/command"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

func (o *commandForm) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	t := d.Theme
	b := d.Layout().Centred(88, 2*len(o.inputs)+10+min(len(o.would.Changes), 8))
	width := b.W - 2
	title := o.command.Title
	if title == "" {
		title = o.command.Name
	}
	p := screen.Panel{Title: screen.Clean(title), Info: []string{screen.Clean(o.command.FullName())}}
	p.Lines = screen.Note(t, width, screen.Clean(o.command.About))
	p.Lines = append(p.Lines, screen.NewLine(width, "").String())
	names := make([]string, len(o.command.Fields))
	for i, f := range o.command.Fields {
		names[i] = labelOf(f)
	}
	labels := labelWidth(width, names)
	for i := range o.inputs {
		p.Lines = append(p.Lines, o.field(t, i, labels, width))
		if o.faultAt == i || i == o.at {
			p.Lines = append(p.Lines, o.remark(t, i, labels, width))
		}
	}
	p.Lines = append(p.Lines, screen.NewLine(width, "").String(), o.button(t, width))
	p.Lines = append(p.Lines, screen.Heading(t, width, "what it would do"))
	p.Lines = append(p.Lines, o.previewed(d, width, max(b.H-2-len(p.Lines), 1))...)
	if over := len(p.Lines) - (b.H - 2); over > 0 { // a low window: keep the field being filled in sight
		first := min(max(2*o.at-3, 0), over)
		p.Lines = p.Lines[first : first+b.H-2]
	}
	return p, b
}

func labelOf(f command.Field) string {
	if f.Label != "" {
		return f.Label
	}
	return f.Name
}

// field is a line of the form: the label, and what is filled in.
func (o *commandForm) field(t *screen.Theme, i, labels, width int) string {
	l := o.row(t, i, labelOf(o.command.Fields[i]), labels, width)
	if options := o.options(i); len(options) > 0 {
		for _, option := range options {
			if option == o.inputs[i].Value() {
				l.Put(t.Accent.With(t.Bright), "(•) "+screen.Clean(option)+"   ")
			} else {
				l.Put(t.Dim, "( ) "+screen.Clean(option)+"   ")
			}
		}
		return l.String()
	}
	o.inputs[i].Draw(l, t, "")
	return l.String()
}

// remark stands under a field: what is wrong with it, or what it is about.
func (o *commandForm) remark(t *screen.Theme, i, labels, width int) string {
	f := o.command.Fields[i]
	l := screen.NewLine(width, "")
	l.Gap(labels + 2)
	if o.faultAt == i {
		l.Put(t.Bad, "✗ "+screen.CleanUpTo(o.fault, l.Free()))
		return l.String()
	}
	var parts []string
	for _, part := range []string{f.About, typeWord(f), bounds(f)} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if n := len(o.seen[i]); n > 1 {
		parts = append(parts, "ctrl+n for another of "+strconv.Itoa(n)+" seen")
	}
	if f.Optional {
		parts = append(parts, "may be empty")
	}
	l.Put(t.Faint, screen.CleanUpTo(strings.Join(parts, " · "), l.Free()))
	return l.String()
}

// typeWord says what a field wants.
func typeWord(f command.Field) string {
	switch f.Type {
	case "int":
		return "a whole number"
	case "number":
		return "a number"
	case "list":
		return "several, with commas between"
	case "entity":
		return "an id, of kind " + f.Of
	case "choice", "bool":
		return "← → to choose"
	}
	return ""
}

// button is what sends, and beside it what came of sending.
func (o *commandForm) button(t *screen.Theme, width int) string {
	l := o.buttonRow(t, "Send", width)
	l.Gap(2)
	switch {
	case o.sending.draw(l, t, "sending"):
	case o.faultAt == len(o.inputs):
		l.Put(t.Bad, "✗ "+screen.CleanUpTo(o.fault, l.Free()))
	default:
		l.Put(t.Faint, "to "+screen.CleanUpTo(o.command.Station, l.Free()))
	}
	return l.String()
}

// previewed is what the message would do.
func (o *commandForm) previewed(d *component.Deck, width, height int) []string {
	if o.faultAt >= 0 {
		return screen.Note(d.Theme, width, "it cannot be composed yet")
	}
	r := o.lines()
	return r.Panel(d.Theme, width, height).Lines
}
