package forms

import (
	"cmp"
	"strings"

	"signalbox/bus"
	"signalbox/scenarios/command"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

func (o *commandForm) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	c := o.command
	look := formLook{title: screen.Clean(cmp.Or(c.Title, c.Name)), info: screen.Clean(c.FullName()), about: c.About, button: o.button,
		height: 2*len(o.inputs) + 10 + min(len(o.would.Changes), 8),
		below: func(t *screen.Theme, width, room int) []string {
			return append([]string{screen.Heading(t, width, "what it would do")}, o.previewed(d, width, room-1)...)
		}}
	for i, f := range c.Fields {
		look.fields = append(look.fields, fieldLook{labelOf(f), aboutField(f), o.options(i)})
	}
	return o.drawForm(d, look)
}

func labelOf(f command.Field) string {
	if f.Label != "" {
		return f.Label
	}
	return f.Name
}

// aboutField says what a field is about, and what may be filled in.
func aboutField(f command.Field) string {
	var parts []string
	for _, part := range []string{f.About, typeWord(f), bounds(f)} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if f.Optional {
		parts = append(parts, "may be empty")
	}
	return strings.Join(parts, " · ")
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
	case "json":
		return "a value of JSON"
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
	case o.post != nil:
		l.Put(t.Faint, "POST to "+screen.CleanUpTo(bus.Redact(o.post.Subject), l.Free()))
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
	if o.post == nil {
		r := o.lines()
		return r.Panel(d.Theme, width, height).Lines
	}
	var r screen.Text
	r.Fact("POST", bus.Redact(o.post.Subject))
	r.Fact("body", string(o.post.Data))
	if o.known && o.would.Entity.IsZero() {
		r.Add(screen.DimLine, "entity", "the application says which it is about")
	} else {
		rest := o.lines()
		r.Lines = append(r.Lines, rest.Lines...)
	}
	r.Wrap(width)
	return r.Panel(d.Theme, width, height).Lines
}
