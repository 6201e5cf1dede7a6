package forms

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"signalbox/ui/deck/component"
	"signalbox/ui/screen"
)

// fields are what is being filled in: one input a field, and a button after the last.
type fields struct {
	inputs  []screen.Input
	seen    [][]string // what each field could be, where that is known
	at      int        // the field being filled; len(inputs) is the button
	fault   string     // what is wrong, at the field it is about
	faultAt int        // which; len(inputs) for all of it; -1 when nothing is
}

// Name implements component.Overlay.
func (s *fields) Name() string { return "a form" }

// Field implements component.Writing.
func (s *fields) Field() *screen.Input {
	if s.at < len(s.inputs) {
		return &s.inputs[s.at]
	}
	return nil
}

func (s *fields) Typing() bool              { return s.at < len(s.inputs) }
func (s *fields) Moves() bool               { return false }
func (s *fields) Move(*component.Deck, int) {}

// enter goes on to the next field; on the button it acts, and once that is done it closes the form.
func (s *fields) enter(d *component.Deck, x *outcome, act func(*component.Deck) tea.Cmd) tea.Cmd {
	switch {
	case x.text != "" && !x.failed && s.at == len(s.inputs):
		d.Close()
		return nil
	case s.at == len(s.inputs):
		return act(d)
	}
	s.focusBy(1)
	return nil
}

// focusBy moves to another field.
func (s *fields) focusBy(by int) {
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
func (s *fields) choosable() bool { return s.at < len(s.inputs) && len(s.seen[s.at]) > 1 }

// another puts the next of what is known into the field being filled.
func (s *fields) another(by int) {
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
