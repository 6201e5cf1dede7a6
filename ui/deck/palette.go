package deck

import (
	tea "charm.land/bubbletea/v2"

	"signalbox/ui/screen"
)

// openPalette lists everything that can be done here, by name: the keys' acts, commands to send and scripts to play.
func (d *deck) openPalette() tea.Cmd {
	var choices []choice
	for _, b := range d.keys {
		if b.quiet || !b.offered(d) || !b.works(d) {
			continue
		}
		choices = append(choices, choice{name: b.help, note: b.label, pick: b.do})
	}
	choices = append(choices, d.sendChoices("send: ")...)
	choices = append(choices, d.scriptChoices("play: ")...)
	return d.openPicker("commands", ":", choices)
}

// question asks before a harmful act.
type question struct {
	text string
	then func(*deck) tea.Cmd
}

// ask opens a question; then is done on yes.
func (d *deck) ask(text string, then func(*deck) tea.Cmd) { d.open(&question{text, then}) }

func (o *question) typing() bool                  { return false }
func (o *question) moves() bool                   { return false }
func (o *question) move(*deck, int)               {}
func (o *question) update(*deck, tea.Msg) tea.Cmd { return nil }

func (o *question) yes(d *deck) tea.Cmd {
	d.shut()
	return o.then(d)
}

func (o *question) draw(d *deck) (screen.Panel, box) {
	lines := screen.Note(d.theme, min(70, d.layout.width)-2, o.text)
	b := d.centred(70, len(lines)+5)
	p := screen.Panel{Title: "are you sure?"}
	blank := screen.NewLine(b.w-2, "").String()
	p.Lines = append(append([]string{blank}, lines...), blank)
	l := screen.NewLine(b.w-2, "")
	l.Gap(2)
	l.Put(d.theme.Key, "y")
	l.Put(d.theme.Dim, " yes    ")
	l.Put(d.theme.Key, "n")
	l.Put(d.theme.Dim, " or esc: no")
	p.Lines = append(p.Lines, l.String())
	return p, b
}
