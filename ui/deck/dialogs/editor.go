package dialogs

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// editor is a text of several lines to be edited.
type editor struct {
	title, note string
	input       screen.Input
	top         int
	then        func(text string) tea.Cmd
}

// Edit opens a text to be edited; then is done with what became of it, once it is taken.
func Edit(d *component.Deck, title, note, text string, then func(text string) tea.Cmd) {
	o := &editor{title: title, note: note, input: screen.Input{Many: true, Focused: true}, then: then}
	o.input.Set(text)
	o.input.At = 0
	d.Open(o)
}

// Name implements component.Overlay.
func (o *editor) Name() string { return "a text to edit" }

// Field implements component.Writing.
func (o *editor) Field() *screen.Input { return &o.input }

func (o *editor) Typing() bool              { return true }
func (o *editor) Moves() bool               { return false }
func (o *editor) Move(*component.Deck, int) {}

func (o *editor) Update(_ *component.Deck, msg tea.Msg) tea.Cmd {
	o.input.Update(msg)
	return nil
}

// take ends editing.
func (o *editor) take(d *component.Deck) tea.Cmd {
	d.Close()
	return o.then(o.input.Value())
}

func (o *editor) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	b := d.Layout().Large()
	width, height := b.W-2, b.H-2
	p := screen.Panel{Title: o.title}
	lines := strings.Split(o.input.Value(), "\n")
	at, column := o.input.Row()
	o.top = screen.ScrollTo(o.top, at, len(lines), height-1)
	for i := o.top; i < o.top+height-1; i++ {
		l := screen.NewLine(width, "")
		l.Gap(1)
		switch {
		case i >= len(lines):
		case i == at:
			screen.DrawTyped(l, d.Theme, []rune(lines[i]), column, true, "")
		default:
			screen.PutJSON(l, d.Theme, screen.CleanUpTo(lines[i], l.Free()))
		}
		p.Lines = append(p.Lines, l.String())
	}
	l := screen.NewLine(width, "")
	l.Gap(1)
	l.Put(d.Theme.Faint, o.note)
	p.Lines = append(p.Lines, l.String())
	return p, b
}
