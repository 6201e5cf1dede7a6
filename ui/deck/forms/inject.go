package forms

import (
	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/scenarios"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/dialogs"
	"signalbox/ui/deck/sender"
	"signalbox/ui/screen"
)

// Inject sends the commands of domains.
type Inject struct {
	Library *scenarios.Library // nil for none
	Sender  *sender.Sender
}

// Keys are those that list the commands.
func (n *Inject) Keys() []component.Key {
	return []component.Key{{Names: []string{"i"}, Short: "inject", Help: "inject: choose a command, fill its form, send",
		Rank: component.RankSend, Sends: true, For: component.AnyPane, Do: component.Plain(n.open)}}
}

// open lists the commands.
func (n *Inject) open(d *component.Deck) {
	if dialogs.NotArmed(d) {
		return
	}
	choices := n.Choices("")
	if len(choices) == 0 {
		d.Say(bus.Say, "no domain has commands")
		return
	}
	dialogs.Pick(d, "inject", "send", choices)
}

// Choices are the commands of all domains, as lines of a picker.
func (n *Inject) Choices(prefix string) []dialogs.Choice {
	if n.Library == nil || n.Sender.ReadOnly {
		return nil
	}
	var choices []dialogs.Choice
	for _, c := range n.Library.Commands() {
		title := c.Title
		if title == "" {
			title = c.Name
		}
		choices = append(choices, dialogs.Choice{Name: prefix + screen.Clean(title), About: screen.Clean(c.FullName()),
			Note: screen.Clean(c.Type), Pick: func(d *component.Deck) tea.Cmd {
				if dialogs.NotArmed(d) {
					return nil
				}
				return openCommand(d, c)
			}})
	}
	return choices
}
