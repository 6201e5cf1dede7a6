// Package panes is the panes of the deck, a type each: stations, events, consumers, entities, and the state of one entity.
// What each asks of the engine, draws, opens and copies is its own; component.Pane says what it must have.
package panes

import "signalbox/ui/deck/component"

// All are the panes in the order of their numbers.
func All(offer *Offer) []component.Pane {
	return []component.Pane{
		&stations{offer: offer},
		&events{},
		&consumers{},
		&entities{},
		&entityState{},
	}
}
