package deck

import "signalbox/ui/screen"

import tea "charm.land/bubbletea/v2"

// helpView is the help: all keys under their headings, in two columns where there is room.
type helpView struct{ screen.Text }

// openHelp makes the help from the registry of keys.
func (d *deck) openHelp() {
	v := &helpView{}
	for _, group := range []string{groupGo, groupLook, groupTime, groupAct, groupDeck, groupWrite} {
		titled := false
		for i := range d.keys {
			b := &d.keys[i]
			if b.group != group || !b.offered(d) {
				continue
			}
			if !titled {
				v.Heading(group)
				titled = true
			}
			v.Add(screen.KeyLine, b.label, b.help)
		}
	}
	d.open(v)
}

func (v *helpView) typing() bool                  { return false }
func (v *helpView) moves() bool                   { return true }
func (v *helpView) update(*deck, tea.Msg) tea.Cmd { return nil }

// half is where the second column begins: at a heading, so that no part is torn.
func (v *helpView) half() int {
	for i := len(v.Lines)/2 - 4; i < len(v.Lines); i++ {
		if v.Lines[i].Kind == screen.HeadLine {
			return i
		}
	}
	return len(v.Lines)
}

func (v *helpView) place(d *deck) box {
	if d.layout.width >= wideWidth {
		return d.centred(wideWidth, max(v.half(), len(v.Lines)-v.half())+2)
	}
	return d.centred(70, len(v.Lines)+2)
}

func (v *helpView) move(d *deck, by int) { v.Text.Move(by, v.place(d).h-2) }

func (v *helpView) draw(d *deck) (screen.Panel, box) {
	b := v.place(d)
	width, height := b.w-2, b.h-2
	if d.layout.width < wideWidth || height < v.half()-1 {
		p := v.Panel(d.theme, width, height)
		p.Title = "help"
		return p, b
	}
	p := screen.Panel{Title: "help"}
	left, right := v.Lines[:v.half()], v.Lines[v.half():]
	for i := range height {
		p.Lines = append(p.Lines, v.column(d.theme, left, i, width/2)+v.column(d.theme, right, i, width-width/2))
	}
	return p, b
}

func (v *helpView) column(t *screen.Theme, lines []screen.TextLine, i, width int) string {
	if i >= len(lines) {
		return screen.NewLine(width, "").String()
	}
	return v.DrawLine(t, lines[i], width)
}
