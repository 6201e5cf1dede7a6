package panes

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/ui/deck/component"
	"signalbox/ui/screen"
)

// Offer is something the deck can do about having found nothing, such as listening to everything.
type Offer struct {
	Text   string // what is offered, and what speaks against it
	Accept func(ctx context.Context) error
}

// offering is while there is an offer to take up: one was made, and nothing is read.
func (s *stations) offering(d *component.Deck) bool {
	return s.offer != nil && len(d.Snapshot().Stations) == 0
}

// accept takes the offer up, in a command since it asks the broker. When that fails, the offer stands again.
func (s *stations) accept(d *component.Deck) tea.Cmd {
	offer := s.offer
	s.offer = nil
	return func() tea.Msg {
		err := offer.Accept(d.Life)
		return component.Result(func() tea.Cmd {
			if err != nil {
				s.offer = offer
				d.SayError(err)
				return nil
			}
			d.Say(bus.Say, "listening")
			return nil
		})
	}
}

// nothingFound is what the pane says when there are no stations.
func (s *stations) nothingFound(d *component.Deck, width int) []string {
	if s.offer == nil {
		return screen.Note(d.Theme, width, "no stations yet")
	}
	return screen.Note(d.Theme, width, "nothing was discovered here", screen.Clean(s.offer.Text), "press a to do that")
}
