package panes

import (
	"cmp"
	"slices"

	"signalbox/sources"
	"signalbox/ui/deck/component"
)

// stillRows are consumers in the order that they had when it was held, those that came later behind them.
type stillRows struct {
	order  map[string]int        // where each stood; nil follows
	source []sources.ConsumerRow // that rows were made from
	rows   []sources.ConsumerRow
	moving int // how many stand elsewhere than they would
}

// release follows what happens again.
func (s *stillRows) release() { *s = stillRows{} }

// arrange puts rows into the order that is held, and holds theirs when none is.
func (s *stillRows) arrange(live []sources.ConsumerRow) []sources.ConsumerRow {
	if s.order == nil {
		s.order = make(map[string]int, len(live))
		for i := range live {
			s.order[component.ConsumerKey(&live[i])] = i
		}
	}
	if len(live) == len(s.source) && (len(live) == 0 || &live[0] == &s.source[0]) {
		return s.rows
	}
	s.source, s.rows, s.moving = live, slices.Clone(live), 0
	place := func(r *sources.ConsumerRow) int {
		if i, ok := s.order[component.ConsumerKey(r)]; ok {
			return i
		}
		return len(s.order)
	}
	slices.SortStableFunc(s.rows, func(a, b sources.ConsumerRow) int { return cmp.Compare(place(&a), place(&b)) })
	for i := range live {
		if component.ConsumerKey(&live[i]) != component.ConsumerKey(&s.rows[i]) {
			s.moving++
		}
	}
	return s.rows
}
