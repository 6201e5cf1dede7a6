// Package forms is the overlays to fill in: a command of a domain, an event to send again, an action on a station or a
// consumer. What they send goes to the broker in commands, after a question where the bus asks for one.
package forms

import (
	tea "charm.land/bubbletea/v2"

	"signalbox/ui/deck/component"
)

// filling is an overlay with fields to be filled in and something to be done with them.
type filling interface {
	component.Overlay
	focusBy(by int)
	another(by int)
	choosable() bool
	consider(*component.Deck) tea.Cmd // once a field has changed
	enter(*component.Deck) tea.Cmd
}

// Keys are those that send an event again, and those of all forms.
func Keys() []component.Key {
	choosable := func(d *component.Deck) bool {
		o, ok := d.Overlays.Top().(filling)
		return ok && o.choosable()
	}
	focus := func(by int) func(*component.Deck) tea.Cmd {
		return component.On(func(o filling, _ *component.Deck) tea.Cmd { o.focusBy(by); return nil })
	}
	another := func(by int) func(*component.Deck) tea.Cmd {
		return component.On(func(o filling, d *component.Deck) tea.Cmd { o.another(by); return o.consider(d) })
	}
	keys := []component.Key{
		{Names: []string{"ctrl+s"}, Label: "ctrl+s", Short: "send", Help: "send what the form says",
			Where: component.Over[*commandForm], Do: component.On((*commandForm).submit)},
		{Names: []string{"ctrl+s"}, Label: "ctrl+s", Short: "do it", Help: "do what the form says",
			Where: component.Over[*Action], Do: component.On((*Action).submit)},
		{Names: []string{"enter"}, Label: "enter", Short: "next", Help: "to the next field; on the last, do it",
			Where: component.Over[filling], Do: component.On(filling.enter)},
		{Names: []string{"tab", "down"}, Label: "tab ↓", Short: "next field", Help: "to the next field",
			Where: component.Over[filling], Do: focus(1)},
		{Names: []string{"shift+tab", "up"}, Label: "↑", Help: "to the field before", Where: component.Over[filling], Do: focus(-1)},
		{Names: []string{"ctrl+n"}, Label: "ctrl+n", Short: "another", Help: "the next of what was seen",
			Where: choosable, Do: another(+1)},
		{Names: []string{"ctrl+p"}, Label: "ctrl+p", Help: "the one before of what was seen", Where: choosable, Do: another(-1)},
		{Names: []string{"ctrl+s"}, Label: "ctrl+s", Short: "send", Help: "send it again", Sends: true,
			Where: component.Over[*resend], Do: component.On((*resend).submit)},
		{Names: []string{"tab"}, Label: "tab", Short: "subject or payload", Help: "between subject and payload", Sends: true,
			Where: component.Over[*resend], Do: component.On((*resend).swap)},
	}
	for i := range keys {
		keys[i].Group, keys[i].Rank, keys[i].Quiet = component.GroupWrite, component.RankOverlay, true
	}
	return append(keys, component.Key{Names: []string{"r"}, Label: "r", Short: "resend", Help: "edit this event and send it again",
		Group: component.GroupAct, Rank: component.RankSend, Sends: true, Where: component.OnEvent, Do: openResend})
}
