package deck

import (
	"strconv"
	"strings"

	"signalbox/scenarios"
)

func (o *form) draw(d *deck) (panel, box) {
	t := d.theme
	b := d.centred(88, 2*len(o.inputs)+10+min(len(o.would.Changes), 8))
	width := b.w - 2
	title := o.command.Title
	if title == "" {
		title = o.command.Name
	}
	p := panel{title: clean(title), info: []string{clean(o.command.FullName())}}
	p.lines = says(t, width, clean(o.command.About))
	p.lines = append(p.lines, newLine(width, "").String())
	labels := 0
	for _, f := range o.command.Fields {
		labels = max(labels, cells(clean(labelOf(f))))
	}
	labels = min(labels, width/3) + 2
	for i := range o.inputs {
		p.lines = append(p.lines, o.field(t, i, labels, width))
		if o.faultAt == i || i == o.at {
			p.lines = append(p.lines, o.remark(t, i, labels, width))
		}
	}
	p.lines = append(p.lines, newLine(width, "").String(), o.button(t, width))
	p.lines = append(p.lines, rule(t, width, "what it would do"))
	p.lines = append(p.lines, o.prospect(d, width, max(b.h-2-len(p.lines), 1))...)
	if over := len(p.lines) - (b.h - 2); over > 0 { // a low window: keep the field being filled in sight
		first := min(max(2*o.at-3, 0), over)
		p.lines = p.lines[first : first+b.h-2]
	}
	return p, b
}

func labelOf(f scenarios.Field) string {
	if f.Label != "" {
		return f.Label
	}
	return f.Name
}

// field is a line of the form: the label, and what is filled in.
func (o *form) field(t *theme, i, labels, width int) string {
	f := o.command.Fields[i]
	l := newRow(t, width, i == o.at, true)
	k := t.dim
	if i == o.at {
		k = t.bright
	}
	l.gap(1)
	l.cell(k, cut(clean(labelOf(f)), labels-1), labels)
	if options := o.options(i); len(options) > 0 {
		for _, option := range options {
			if option == o.inputs[i].value() {
				l.put(t.accent.with(t.bright), "(•) "+clean(option)+"   ")
			} else {
				l.put(t.dim, "( ) "+clean(option)+"   ")
			}
		}
		return l.String()
	}
	o.inputs[i].draw(l, t, "")
	return l.String()
}

// remark stands under a field: what is wrong with it, or what it is about.
func (o *form) remark(t *theme, i, labels, width int) string {
	f := o.command.Fields[i]
	l := newLine(width, "")
	l.gap(labels + 2)
	if o.faultAt == i {
		l.put(t.bad, "✗ "+cleanUpTo(o.fault, l.free()))
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
	l.put(t.faint, cleanUpTo(strings.Join(parts, " · "), l.free()))
	return l.String()
}

// typeWord says what a field wants.
func typeWord(f scenarios.Field) string {
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
func (o *form) button(t *theme, width int) string {
	l := newRow(t, width, o.at == len(o.inputs), true)
	k := t.accent.with(t.bright)
	if o.at == len(o.inputs) {
		k = k.with(t.reverse)
	}
	l.gap(1)
	l.tag(k, " Send ")
	l.gap(2)
	switch {
	case o.dispatch.draw(l, t, "sending"):
	case o.faultAt == len(o.inputs):
		l.put(t.bad, "✗ "+cleanUpTo(o.fault, l.free()))
	default:
		l.put(t.faint, "to "+cleanUpTo(o.command.Station, l.free()))
	}
	return l.String()
}

// prospect is what the message would do.
func (o *form) prospect(d *deck, width, height int) []string {
	if o.faultAt >= 0 {
		return says(d.theme, width, "it cannot be composed yet")
	}
	r := o.lines()
	return r.panel(d.theme, width, height).lines
}
