package forms

import (
	tea "charm.land/bubbletea/v2"

	"signalbox/scenarios/command"
	"signalbox/ui/deck/component"
)

// sentValues are what was filled in when commands were sent last, by their titles. It belongs to the deck's goroutine, and grows with
// the commands that there are.
type sentValues struct {
	last   map[string]map[string]string
	newest string            // the full name of the command that was sent last
	values map[string]string // by it
}

func (s *sentValues) remember(c *command.Command, values map[string]string) {
	s.newest, s.values = c.FullName(), values
	if s.last == nil {
		s.last = map[string]map[string]string{}
	}
	s.last[c.Title] = values
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
