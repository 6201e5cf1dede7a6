package deck

import tea "charm.land/bubbletea/v2"

// helpView is the help: all keys under their headings, in two columns where there is room.
type helpView struct{ reader }

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
				v.head(group)
				titled = true
			}
			v.add(keyLine, b.label, b.help)
		}
	}
	d.open(v)
}

func (v *helpView) typing() bool                  { return false }
func (v *helpView) moves() bool                   { return true }
func (v *helpView) update(*deck, tea.Msg) tea.Cmd { return nil }

// half is where the second column begins: at a heading, so that no part is torn.
func (v *helpView) half() int {
	for i := len(v.lines)/2 - 4; i < len(v.lines); i++ {
		if v.lines[i].kind == headLine {
			return i
		}
	}
	return len(v.lines)
}

func (v *helpView) place(d *deck) box {
	if d.layout.width >= wideWidth {
		return d.centred(wideWidth, max(v.half(), len(v.lines)-v.half())+2)
	}
	return d.centred(70, len(v.lines)+2)
}

func (v *helpView) move(d *deck, by int) { v.reader.move(by, v.place(d).h-2) }

func (v *helpView) draw(d *deck) (panel, box) {
	b := v.place(d)
	width, height := b.w-2, b.h-2
	if d.layout.width < wideWidth || height < v.half()-1 {
		p := v.panel(d.theme, width, height)
		p.title = "help"
		return p, b
	}
	p := panel{title: "help"}
	left, right := v.lines[:v.half()], v.lines[v.half():]
	for i := range height {
		p.lines = append(p.lines, v.column(d.theme, left, i, width/2)+v.column(d.theme, right, i, width-width/2))
	}
	return p, b
}

func (v *helpView) column(t *theme, lines []textLine, i, width int) string {
	if i >= len(lines) {
		return newLine(width, "").String()
	}
	return v.line(t, lines[i], width)
}
