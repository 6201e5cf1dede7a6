package overlays

import (
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// help is all keys under their headings, in two columns where there is room.
type help struct {
	component.ReadOnly
	screen.Text
}

// openHelp lists the keys.
func openHelp(d *component.Deck, keys *component.Keys) {
	v := &help{}
	for _, group := range component.Groups {
		for i, key := range keys.Listed(group) {
			if i == 0 {
				v.Heading(group)
			}
			v.Add(screen.KeyLine, key.Label, key.Help)
		}
	}
	d.Open(v)
}

// half is where the second column begins: at a heading, so that no part is torn.
func (v *help) half() int {
	for i := len(v.Lines)/2 - 4; i < len(v.Lines); i++ {
		if v.Lines[i].Kind == screen.HeadLine {
			return i
		}
	}
	return len(v.Lines)
}

func (v *help) place(d *component.Deck) layout.Box {
	if d.Layout().Width >= layout.WideWidth {
		return d.Layout().Centred(layout.WideWidth, max(v.half(), len(v.Lines)-v.half())+2)
	}
	return d.Layout().Centred(70, len(v.Lines)+2)
}

func (v *help) Move(d *component.Deck, by int) { v.Text.Move(by, v.place(d).H-2) }

func (v *help) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	b := v.place(d)
	width, height := b.W-2, b.H-2
	if d.Layout().Width < layout.WideWidth || height < v.half()-1 {
		p := v.Panel(d.Theme, width, height)
		p.Title = "help"
		return p, b
	}
	p := screen.Panel{Title: "help"}
	left, right := v.Lines[:v.half()], v.Lines[v.half():]
	for i := range height {
		p.Lines = append(p.Lines, v.column(d.Theme, left, i, width/2)+v.column(d.Theme, right, i, width-width/2))
	}
	return p, b
}

func (v *help) column(t *screen.Theme, lines []screen.TextLine, i, width int) string {
	if i >= len(lines) {
		return screen.NewLine(width, "").String()
	}
	return v.DrawLine(t, lines[i], width)
}
