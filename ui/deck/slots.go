package deck

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"signalbox/ui/screen"
)

// slots are what is being filled in: one input a field, and a button after the last.
type slots struct {
	inputs  []screen.Input
	seen    [][]string // what each field could be, where that is known
	at      int        // the field being filled; len(inputs) is the button
	fault   string     // what is wrong, at the field it is about
	faultAt int        // which; len(inputs) for all of it; -1 when nothing is
}

// filling is an overlay with fields to be filled in and something to be done with them.
type filling interface {
	overlay
	focusBy(by int)
	another(by int)
	choosable() bool
	consider(*deck) tea.Cmd // once a field has changed
	enter(*deck) tea.Cmd
}

// fillKeys work in whatever is being filled in.
func fillKeys() []binding {
	choosable := func(d *deck) bool {
		o, ok := d.top().(filling)
		return ok && o.choosable()
	}
	focus := func(by int) func(*deck) tea.Cmd {
		return on(func(o filling, _ *deck) tea.Cmd { o.focusBy(by); return nil })
	}
	another := func(by int) func(*deck) tea.Cmd {
		return on(func(o filling, d *deck) tea.Cmd { o.another(by); return o.consider(d) })
	}
	return []binding{
		{keys: []string{"ctrl+s"}, label: "ctrl+s", short: "send", help: "send what the form says", group: groupWrite,
			quiet: true, where: over[*form], do: on((*form).submit)},
		{keys: []string{"ctrl+s"}, label: "ctrl+s", short: "do it", help: "do what the sheet says", group: groupWrite,
			quiet: true, where: over[*sheet], do: on((*sheet).submit)},
		{keys: []string{"enter"}, label: "enter", short: "next", help: "to the next field; on the last, do it", group: groupWrite,
			quiet: true, where: over[filling], do: on(filling.enter)},
		{keys: []string{"tab", "down"}, label: "tab ↓", short: "next field", help: "to the next field", group: groupWrite,
			quiet: true, where: over[filling], do: focus(1)},
		{keys: []string{"shift+tab", "up"}, label: "↑", help: "to the field before", group: groupWrite, quiet: true,
			where: over[filling], do: focus(-1)},
		{keys: []string{"ctrl+n"}, label: "ctrl+n", short: "another", help: "the next of what was seen", group: groupWrite,
			quiet: true, where: choosable, do: another(+1)},
		{keys: []string{"ctrl+p"}, label: "ctrl+p", help: "the one before of what was seen", group: groupWrite,
			quiet: true, where: choosable, do: another(-1)},
	}
}

func (s *slots) typing() bool    { return s.at < len(s.inputs) }
func (s *slots) moves() bool     { return false }
func (s *slots) move(*deck, int) {}

// focusBy moves to another field.
func (s *slots) focusBy(by int) {
	if s.at < len(s.inputs) {
		s.inputs[s.at].Focused = false
	}
	n := len(s.inputs) + 1
	s.at = (s.at + by + n) % n
	if s.at < len(s.inputs) {
		s.inputs[s.at].Focused = true
	}
}

// choosable tells whether several values are known for the field being filled.
func (s *slots) choosable() bool { return s.at < len(s.inputs) && len(s.seen[s.at]) > 1 }

// another puts the next of what is known into the field being filled.
func (s *slots) another(by int) {
	if s.at >= len(s.inputs) || len(s.seen[s.at]) == 0 {
		return
	}
	values := s.seen[s.at]
	at := slices.Index(values, s.inputs[s.at].Value())
	if at < 0 && by < 0 {
		at = 0
	}
	s.inputs[s.at].Set(values[(at+by+len(values))%len(values)])
}
