package lists

import (
	"signalbox/sources/internal/event"
	"signalbox/sources/internal/window"
)

// search finds the held events that a view of the events pane wants.
type search struct {
	*window.Search
	view    EventsView
	hides   bool // what tells of copies is left out
	unknown bool // the station wanted is not known: nothing is found
	event   event.Event
}

// seek begins the search that a view needs; nil when it needs none.
func (ls *Lists) seek(v EventsView) *search {
	hides := ls.hides(v)
	if v.Filter == nil && v.Station == "" && !hides {
		return nil
	}
	s := &search{view: v, hides: hides}
	s.event.Past = ls.store.Past()
	station := ls.station(v.Station)
	s.unknown = station == nil && v.Station != ""
	s.Search = ls.store.Window.Search(func(number uint64, held window.Held) bool {
		switch {
		case s.hides && held.Copy():
			return false
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
func (s *search) serves(v EventsView, hides bool) bool {
	return s != nil && s.view.Filter == v.Filter && s.view.Station == v.Station && s.hides == hides
}

// hides tells whether a view leaves out what tells of applications' copies. Those of one station are wanted by whoever
// narrows to it.
func (ls *Lists) hides(v EventsView) bool {
	return !v.Copies && v.Station == "" && ls.store.Window.Copies() > 0
}
