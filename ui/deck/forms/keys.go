// Package forms is the overlays to fill in: a command of a domain, an event to send again, an action on a station or a
// consumer. What they send goes to the broker in commands, after a question where the bus asks for one.
package forms

import (
	tea "charm.land/bubbletea/v2"

	"signalbox/ui/deck/component"
	"signalbox/ui/screen"
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

// Kinds is one of each of the forms; on a deck that is read-only, of those that send nothing.
func Kinds(readOnly bool) []any {
	if readOnly {
		return []any{&Action{}}
	}
	return []any{&commandForm{}, &Action{}, &resend{edited: edited{payload: screen.Input{Many: true, Focused: true}}}}
}

// Keys are those that send an event again, and those of all forms.
func Keys() []component.Key {
	focus := func(by int) func(filling, *component.Deck) tea.Cmd {
		return func(o filling, _ *component.Deck) tea.Cmd { o.focusBy(by); return nil }
	}
	key := func(short, help string, names ...string) component.Key {
		return component.Key{Names: names, Short: short, Help: help}
	}
	subject := component.InOverlay(key("next part", "to the payload, the subject, the headers", "tab"),
		func(o *resend, d *component.Deck) tea.Cmd { return o.next(d) })
	again := component.InOverlay(key("send", "send it again", "ctrl+s"), (*resend).submit)
	editor := component.InOverlay(key("your editor", "edit the payload in the program that EDITOR names", "ctrl+o"), (*resend).openEditor)
	editor.Where, editor.Needs = func(d *component.Deck) bool { return d.Editor != nil }, "a terminal that another program can have"
	last := component.InOverlay(key("as last", "fill in what was sent last by this form", "ctrl+l"), (*commandForm).again)
	last.Where, last.Needs = component.Over((*commandForm).hasSent), "a form by which something was sent"
	subject.Sends, again.Sends, editor.Sends = true, true, true
	return []component.Key{
		component.InOverlay(key("send", "do what the form says", "ctrl+s"), (*commandForm).submit),
		component.InOverlay(key("do it", "do what the form says", "ctrl+s"), (*Action).submit),
		component.InOverlay(key("next", "to the next field; on the last, do it", "enter"), filling.enter),
		component.InOverlay(key("next field", "to the next field", "tab", "down"), focus(1)),
		component.InOverlay(key("", "to the field before", "shift+tab", "up"), focus(-1)),
		another("another", "the next of what was seen", "ctrl+n", +1), another("", "the one before of what was seen", "ctrl+p", -1),
		option("option", "the next option; a letter takes the one that begins with it", "right", +1),
		option("", "the option before", "left", -1),
		again, subject, editor, last,
		{Names: []string{"r"}, Short: "resend", Help: "edit this event and send it again", Rank: component.RankSend, Sends: true,
			For: component.Is[component.EventHolder], Do: openResend},
	}
}

// another goes along what was seen for a field.
func another(short, help, name string, by int) component.Key {
	key := component.InOverlay(component.Key{Names: []string{name}, Short: short, Help: help},
		func(o filling, d *component.Deck) tea.Cmd { o.another(by); return o.consider(d) })
	key.Where, key.Needs = component.Over(filling.choosable), "a field of which several values were seen"
	return key
}

// option goes along the options of a field.
func option(short, help, name string, by int) component.Key {
	key := component.InOverlay(component.Key{Names: []string{name}, Short: short, Help: help},
		func(o *commandForm, d *component.Deck) tea.Cmd { return o.choose(d, by) })
	key.Where = component.Over(func(o *commandForm) bool { return len(o.choices()) > 0 })
	key.Needs = "a field with options"
	return key
}
