// Package selection holds what a person has chosen that more than one pane or overlay goes by: the entity, which events
// are shown, the filters typed before, which dead letters were seen. When a pane changes it, the others follow.
//
// It belongs to the deck's goroutine. No method waits.
package selection

import (
	"slices"

	"signalbox/sources"
)

// Selection is what is chosen.
type Selection struct {
	Entity  sources.Entity // whose state is shown; zero for none
	Events  Events
	Letters Letters
	Marked  *sources.EntityDetail // a state that another is to be compared with; nil for none
	typed   []string
}

// Choose makes an entity the chosen one.
func (s *Selection) Choose(e sources.Entity) {
	if !e.IsZero() {
		s.Entity = e
	}
}

// mostFilters bounds the filters that are remembered.
const mostFilters = 100

// Remember puts a filter among those typed before.
func (s *Selection) Remember(filter string) {
	s.typed = slices.DeleteFunc(s.typed, func(t string) bool { return t == filter })
	s.typed = append(s.typed, filter)
	s.typed = s.typed[max(len(s.typed)-mostFilters, 0):]
}

// Filters are those typed before, the oldest first.
func (s *Selection) Filters() []string { return s.typed }
