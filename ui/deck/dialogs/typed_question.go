package dialogs

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// typedQuestion asks before something is destroyed: y or its name has to be typed.
type typedQuestion struct {
	text, about, name string
	input             screen.Input
	wrong             bool
	then              func() tea.Cmd
}

// AskTyped opens a question about something that cannot be undone; then is done once y or the name has been typed.
func AskTyped(d *component.Deck, text, about, name string, then func() tea.Cmd) {
	d.Open(&typedQuestion{text: text, about: about, name: name, then: then})
}

// Name implements component.Overlay.
func (o *typedQuestion) Name() string { return "a question to be typed" }

// Field implements component.Writing.
func (o *typedQuestion) Field() *screen.Input { return &o.input }

func (o *typedQuestion) Typing() bool              { return true }
func (o *typedQuestion) Moves() bool               { return false }
func (o *typedQuestion) Move(*component.Deck, int) {}

func (o *typedQuestion) Update(_ *component.Deck, msg tea.Msg) tea.Cmd {
	if o.input.Update(msg) {
		o.wrong = false
	}
	return nil
}

// confirm does it once it was typed.
func (o *typedQuestion) confirm(d *component.Deck) tea.Cmd {
	switch typed := strings.TrimSpace(o.input.Value()); {
	case strings.EqualFold(typed, "y"), strings.EqualFold(typed, "yes"), typed == o.name:
		d.Close()
		return o.then()
	}
	o.wrong = true
	return nil
}

func (o *typedQuestion) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	t := d.Theme
	width := min(76, d.Layout().Width) - 2
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
	return p, d.Layout().Centred(76, len(p.Lines)+2)
}
