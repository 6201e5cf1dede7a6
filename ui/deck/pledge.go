package deck

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// pledge asks before something is destroyed: y or its name has to be typed.
type pledge struct {
	text, about, name string
	input             input
	wrong             bool
	then              func(*deck) tea.Cmd
}

func (o *pledge) typing() bool    { return true }
func (o *pledge) moves() bool     { return false }
func (o *pledge) move(*deck, int) {}

func (o *pledge) update(_ *deck, msg tea.Msg) tea.Cmd {
	if o.input.update(msg) {
		o.wrong = false
	}
	return nil
}

// given does it once it was typed.
func (o *pledge) given(d *deck) tea.Cmd {
	switch typed := strings.TrimSpace(o.input.value()); {
	case strings.EqualFold(typed, "y"), strings.EqualFold(typed, "yes"), typed == o.name:
		d.shut()
		return o.then(d)
	}
	o.wrong = true
	return nil
}

func (o *pledge) draw(d *deck) (panel, box) {
	t := d.theme
	width := min(76, d.layout.width) - 2
	p := panel{title: "this cannot be undone"}
	p.lines = append(p.lines, newLine(width, "").String())
	p.lines = append(p.lines, says(t, width, o.text, clean(o.about))...)
	p.lines = append(p.lines, newLine(width, "").String())
	l := newLine(width, "")
	l.gap(2)
	l.put(t.warn, "type y or "+cleanUpTo(o.name, width/2)+": ")
	o.input.focused = true
	o.input.draw(l, t, "")
	p.lines = append(p.lines, l.String())
	l = newLine(width, "")
	l.gap(2)
	if o.wrong {
		l.put(t.bad, "✗ that is neither; esc leaves it")
	} else {
		l.put(t.faint, "enter does it, esc leaves it")
	}
	p.lines = append(p.lines, l.String())
	return p, d.centred(76, len(p.lines)+2)
}
