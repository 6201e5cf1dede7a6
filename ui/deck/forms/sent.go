package forms

import (
	tea "charm.land/bubbletea/v2"

	"signalbox/ui/deck/component"
)

// sentValues are what was filled in when commands were sent last, by their titles. It belongs to the deck's goroutine, and grows with
// the commands that there are.
type sentValues struct{ last map[string]map[string]string }

func (s *sentValues) remember(command string, values map[string]string) {
	if s.last == nil {
		s.last = map[string]map[string]string{}
	}
	s.last[command] = values
}

// hasSent tells whether the command was sent before.
func (o *commandForm) hasSent() bool { return o.sent != nil && o.sent.last[o.command.Title] != nil }

// again fills in what was sent last.
func (o *commandForm) again(d *component.Deck) tea.Cmd {
	for i, f := range o.command.Fields {
		if value, known := o.sent.last[o.command.Title][f.Name]; known {
			o.inputs[i].Set(value)
		}
	}
	return o.consider(d)
}
