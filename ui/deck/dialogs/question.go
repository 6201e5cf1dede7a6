package dialogs

import (
	tea "charm.land/bubbletea/v2"

	"signalbox/ui/deck/component"
	"signalbox/ui/deck/layout"
	"signalbox/ui/screen"
)

// question asks before a harmful act.
type question struct {
	text string
	then func() tea.Cmd
}

// Ask opens a question; then is done on yes.
func Ask(d *component.Deck, text string, then func() tea.Cmd) { d.Open(&question{text, then}) }

// Name implements component.Overlay.
func (o *question) Name() string { return "a question" }

func (o *question) Typing() bool                            { return false }
func (o *question) Moves() bool                             { return false }
func (o *question) Move(*component.Deck, int)               {}
func (o *question) Update(*component.Deck, tea.Msg) tea.Cmd { return nil }

func (o *question) yes(d *component.Deck) tea.Cmd {
	d.Close()
	return o.then()
}

func (o *question) no(d *component.Deck) tea.Cmd {
	d.Close()
	return nil
}

func (o *question) Draw(d *component.Deck) (screen.Panel, layout.Box) {
	lines := screen.Note(d.Theme, min(70, d.Layout().Width)-2, o.text)
	b := d.Layout().Centred(70, len(lines)+5)
	p := screen.Panel{Title: "are you sure?"}
	blank := screen.NewLine(b.W-2, "").String()
	p.Lines = append(append([]string{blank}, lines...), blank)
	l := screen.NewLine(b.W-2, "")
	l.Gap(2)
	l.Put(d.Theme.Key, "y")
	l.Put(d.Theme.Dim, " yes    ")
	l.Put(d.Theme.Key, "n")
	l.Put(d.Theme.Dim, " or esc: no")
	p.Lines = append(p.Lines, l.String())
	return p, b
}
