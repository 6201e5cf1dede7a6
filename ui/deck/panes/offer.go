package panes

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck/component"
	"signalbox/ui/screen"
)

// Offer is something the deck can do about having found nothing, such as listening to everything.
type Offer struct {
	Text   string // what is offered, and what speaks against it
	Short  string // what is offered, where there is something else, too
	Accept func(ctx context.Context) error
}

// offering is while there is an offer to take up: one was made, and nothing is read.
func (s *stations) offering(d *component.Deck) bool {
	return s.offer != nil && onlyOffers(d)
}

// onlyOffers tells whether no station is there, but at most what can be read as one.
func onlyOffers(d *component.Deck) bool {
	return !slices.ContainsFunc(d.Steady().Stations, func(r sources.StationRow) bool { return r.Offer == nil })
}

// take reads a station that is offered, in a command since it asks the broker.
func take(d *component.Deck, key string) tea.Cmd {
	d.Say(bus.Say, "opening "+key)
	return func() tea.Msg {
		err := d.Engine.Take(d.Life, key)
		return component.Result(func() tea.Cmd {
			if err != nil {
				d.SayError(err)
				return nil
			}
			d.Say(bus.Say, "reading "+key)
			return nil
		})
	}
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
	there := len(d.Steady().Stations) > 0
	switch {
	case s.offer == nil && there:
		return nil
	case s.offer == nil:
		return screen.Note(d.Theme, width, "no stations yet")
	case there:
		return screen.Note(d.Theme, width, "or press a: "+screen.Clean(s.offer.Short))
	}
	return screen.Note(d.Theme, width, "nothing was discovered here", screen.Clean(s.offer.Text), "press a to do that")
}
