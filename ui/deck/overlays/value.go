package overlays

import (
	"strconv"

	tea "charm.land/bubbletea/v2"

	"signalbox/sources"
	"signalbox/sources/state"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/deck/wording"
	"signalbox/ui/screen"
)

// value is a field of an entity's state, opened.
type value struct {
	component.ReadOnly
	title string
	field sources.StateField
	facts screen.Text
	payload
	top int
}

// OpenValue opens a field of the chosen entity's state.
func OpenValue(d *component.Deck, f *sources.StateField) tea.Cmd {
	of := d.Entity()
	o := &value{title: screen.Clean(of.Kind+" "+of.ID) + " · " + screen.Clean(f.Name), field: *f}
	if f.Value.Kind() == state.Text {
		o.view = screen.Raw
	}
	d.Open(o)
	return o.layOut(d)
}

// Name implements component.Overlay.
func (o *value) Name() string { return "an open value" }

// layOut makes the lines for the width that there is. The value is written in a command too, for it may be large.
func (o *value) layOut(d *component.Deck) tea.Cmd {
	width := d.Layout().Large().W - 4
	if o.width != width {
		o.facts = screen.Text{}
		if f := &o.field; f.SetBy != "" {
			o.facts.Fact("set by", f.SetBy+" v"+strconv.FormatUint(f.SetAt, 10))
		}
		if o.field.Was.Kind() != state.Absent {
			o.facts.Fact("was", wording.Value(o.field.Was))
		}
		o.facts.Heading("value")
		o.facts.Wrap(width + 2)
	}
	if o.data != nil {
		return o.payload.layOut(o.data, width)
	}
	o.width = width
	return func() tea.Msg {
		data := []byte(o.field.Value.String())
		return component.Result(func() tea.Cmd { return o.payload.layOut(data, o.width) })
	}
}

// next shows the value in the next way.
func (o *value) next(d *component.Deck) tea.Cmd {
	o.payload.next()
	return o.layOut(d)
}

// Update implements component.Overlay.
func (o *value) Update(d *component.Deck, msg tea.Msg) tea.Cmd {
	if _, ok := msg.(tea.WindowSizeMsg); ok {
		return o.layOut(d)
	}
	return nil
}

func (o *value) lines() int { return len(o.facts.Lines) + o.payload.lines() }

// Move implements component.Overlay.
func (o *value) Move(d *component.Deck, by int) {
	o.top = min(max(o.top+by, 0), max(o.lines()-(d.Layout().Large().H-2), 0))
}

// Draw implements component.Overlay.
func (o *value) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	b := d.Layout().Large()
	width, height := b.W-2, b.H-2
	o.Move(d, 0)
	p := screen.Panel{Title: o.title, Info: []string{o.view.String()}, Visible: height, Total: o.lines(), Top: o.top}
	for i := o.top; i < min(o.top+height, o.lines()); i++ {
		if i < len(o.facts.Lines) {
			p.Lines = append(p.Lines, o.facts.DrawLine(d.Theme, o.facts.Lines[i], width))
		} else {
			p.Lines = append(p.Lines, o.payload.line(d.Theme, i-len(o.facts.Lines), width))
		}
	}
	return p, b
}

// Copy implements component.Copying.
func (o *value) Copy(*component.Deck) (text, what string) { return o.field.Value.String(), "the value" }

func valueKeys() []component.Key {
	return []component.Key{component.InOverlay(component.Key{Names: []string{"tab"}, Short: "view", Help: "the value as a tree, raw, in hex"},
		(*value).next)}
}
