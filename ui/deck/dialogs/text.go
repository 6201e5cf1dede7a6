package dialogs

import (
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// Text is an overlay: a text to read that does not change while it is open.
type Text struct {
	component.ReadOnly
	Title string
	Text  screen.Text
	Box   func(l *layout.Layout) layout.Box // nil is the large one
}

// Name implements component.Overlay.
func (v *Text) Name() string { return "a text" }

func (v *Text) place(d *component.Deck) layout.Box {
	if v.Box != nil {
		return v.Box(d.Layout())
	}
	return d.Layout().Large()
}

// Move implements component.Overlay.
func (v *Text) Move(d *component.Deck, by int) { v.Text.Move(by, v.place(d).H-2) }

// Draw implements component.Overlay.
func (v *Text) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	b := v.place(d)
	p := v.Text.Panel(d.Theme, b.W-2, b.H-2)
	p.Title = v.Title
	return p, b
}

// Copy implements component.Copying.
func (v *Text) Copy(*component.Deck) (text, what string) { return v.Text.String(), "the text" }
