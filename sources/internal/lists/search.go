package lists

import (
	"signalbox/sources/internal/event"
	"signalbox/sources/internal/window"
)

// search finds the held events that a view of the events pane wants.
type search struct {
	*window.Search
	view    EventsView
	unknown bool // the station wanted is not known: nothing is found
	event   event.Event
}

// seek begins the search that a view needs; nil when it needs none.
func (ls *Lists) seek(v EventsView) *search {
	if v.Filter == nil && v.Station == "" {
		return nil
	}
	s := &search{view: v}
	s.event.Past = ls.store.Past()
	station := ls.station(v.Station)
	s.unknown = station == nil && v.Station != ""
	s.Search = ls.store.Window.Search(func(number uint64, held window.Held) bool {
		switch {
		case s.unknown, station != nil && held.Station() != station.Index:
			return false
		case v.Filter == nil:
			return true
		}
		ls.store.Read(number, held, &s.event)
		return v.Filter.Wants(&s.event)
	})
	return s
}

// serves tells whether the search is the one that a view needs.
func (s *search) serves(v EventsView) bool {
	return s != nil && s.view.Filter == v.Filter && s.view.Station == v.Station
}
