package forms

import (
	"cmp"
	"slices"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/scenarios"
	"signalbox/scenarios/command"
	"signalbox/ui/deck/component"
	"signalbox/ui/deck/dialogs"
	"signalbox/ui/deck/sender"
	"signalbox/ui/screen"
)

// Inject sends the commands of domains.
type Inject struct {
	Library *scenarios.Library // nil for none
	Sender  *sender.Sender
	Favourites
	sent sentValues
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
	if n.Favourites.Wrong != nil {
		d.SayError(n.Favourites.Wrong)
	}
	choices := slices.Concat(n.favourites(), n.present(d), n.likeSeen(d))
	if len(choices) == 0 {
		d.Say(bus.Say, "no domain has commands, and no event is here to send one like it")
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
		choices = append(choices, n.choiceOf(c, prefix))
	}
	return append(choices, n.lines()...)
}

// present are the commands of all domains, first those whose station is there, or that an application takes.
func (n *Inject) present(d *component.Deck) []dialogs.Choice {
	if n.Library == nil {
		return nil
	}
	var here, others []dialogs.Choice
	for _, c := range n.Library.Commands() {
		choice := n.choiceOf(c, "")
		if c.Posted(n.Sender.Base) || d.HasStation(c.Station) {
			here = append(here, choice)
			continue
		}
		choice.About += " · no station " + screen.CleanUpTo(c.Station, 40) + " is here"
		others = append(others, choice)
	}
	return append(here, others...)
}

// choiceOf is a command as a line of a picker.
func (n *Inject) choiceOf(c *command.Command, prefix string) dialogs.Choice {
	return dialogs.Choice{Name: prefix + screen.Clean(cmp.Or(c.Title, c.Name)), About: screen.Clean(c.FullName()), Note: screen.Clean(c.Type),
		Pick: func(d *component.Deck) tea.Cmd {
			if dialogs.NotArmed(d) {
				return nil
			}
			return openCommand(d, c, nil, &n.sent)
		}}
}

// mostLike bounds the types of events that forms are offered for.
const mostLike = 20

// likeSeen offers forms for the types of events on the screen that no command sends, made from the newest of each.
func (n *Inject) likeSeen(d *component.Deck) (choices []dialogs.Choice) {
	known := map[string]bool{"": true}
	if n.Library != nil {
		for _, c := range n.Library.Commands() {
			known[c.Type] = true
		}
	}
	for _, e := range slices.Backward(d.Snapshot().Events.Rows) {
		if known[e.Type] || e.Copy || len(choices) == mostLike || e.Size > len(e.Data) {
			continue
		}
		known[e.Type] = true
		choices = append(choices, dialogs.Choice{Name: "Like " + screen.Clean(e.Type), About: "an event of " + screen.Clean(e.Station) + ", as the newest one", Note: screen.Clean(e.Type),
			Pick: func(d *component.Deck) tea.Cmd {
				c, values := scenarios.Like(e)
				if c == nil {
					d.Say(bus.Say, "its payload is no object of JSON that a form could be made for: r edits the event as it is")
					return nil
				}
				return openCommand(d, c, values, &n.sent)
			}})
	}
	return choices
}
