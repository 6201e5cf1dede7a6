package deck

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/ui/screen"
)

// pledge asks before something is destroyed: y or its name has to be typed.
type pledge struct {
	text, about, name string
	input             screen.Input
	wrong             bool
	then              func(*deck) tea.Cmd
}

func (o *pledge) typing() bool    { return true }
func (o *pledge) moves() bool     { return false }
func (o *pledge) move(*deck, int) {}

func (o *pledge) update(_ *deck, msg tea.Msg) tea.Cmd {
	if o.input.Update(msg) {
		o.wrong = false
	}
	return nil
}

// given does it once it was typed.
func (o *pledge) given(d *deck) tea.Cmd {
	switch typed := strings.TrimSpace(o.input.Value()); {
	case strings.EqualFold(typed, "y"), strings.EqualFold(typed, "yes"), typed == o.name:
		d.shut()
		return o.then(d)
	}
	o.wrong = true
	return nil
}

func (o *pledge) draw(d *deck) (screen.Panel, box) {
	t := d.theme
	width := min(76, d.layout.width) - 2
	p := screen.Panel{Title: "this cannot be undone"}
	p.Lines = append(p.Lines, screen.NewLine(width, "").String())
	p.Lines = append(p.Lines, screen.Note(t, width, o.text, screen.Clean(o.about))...)
	p.Lines = append(p.Lines, screen.NewLine(width, "").String())
	l := screen.NewLine(width, "")
	l.Gap(2)
	l.Put(t.Warn, "type y or "+screen.CleanUpTo(o.name, width/2)+": ")
	o.input.Focused = true
	o.input.Draw(l, t, "")
	p.Lines = append(p.Lines, l.String())
	l = screen.NewLine(width, "")
	l.Gap(2)
	if o.wrong {
		l.Put(t.Bad, "✗ that is neither; esc leaves it")
	} else {
		l.Put(t.Faint, "enter does it, esc leaves it")
	}
	p.Lines = append(p.Lines, l.String())
	return p, d.centred(76, len(p.Lines)+2)
}
