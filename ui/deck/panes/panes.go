// Package panes is the panes of the deck, a type each: stations, events, consumers, entities, and the state of one entity.
// What each asks of the engine, draws, opens and copies is its own; component.Pane says what it must have.
package panes

import "signalbox/ui/deck/component"

// leastWish is how many rows a pane wishes for that has few, so that there is room for a sentence about that.
const leastWish = 3

// headingRows is how many rows of so many name the columns: one, unless there is hardly room for what stands in them.
func headingRows(height int) int {
	if height < 3 {
		return 0
	}
	return 1
}

// All are the panes in the order of their numbers. Highlight is the field of a kind of entity that a domain names, "" when
// none does.
func All(offer *Offer, highlight func(kind string) string) []component.Pane {
	return []component.Pane{
		&stations{offer: offer},
		&events{},
		&consumers{},
		&entities{keys: keyFields{named: highlight}},
		&entityState{},
	}
}
