package deck

import (
	tea "charm.land/bubbletea/v2"
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

func (o *question) draw(d *deck) (panel, box) {
	lines := says(d.theme, min(70, d.layout.width)-2, o.text)
	b := d.centred(70, len(lines)+5)
	p := panel{title: "are you sure?"}
	blank := newLine(b.w-2, "").String()
	p.lines = append(append([]string{blank}, lines...), blank)
	l := newLine(b.w-2, "")
	l.gap(2)
	l.put(d.theme.key, "y")
	l.put(d.theme.dim, " yes    ")
	l.put(d.theme.key, "n")
	l.put(d.theme.dim, " or esc: no")
	p.lines = append(p.lines, l.String())
	return p, b
}
