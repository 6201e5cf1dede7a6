package sources

import "time"

// search finds the held events that a filter wants, newest first and a slice at a time, and then those that come. What
// it has found is marked in the chunks, so that it takes next to no memory and leaves with the events.
type search struct {
	engine  *Engine
	serial  uint64
	view    EventsView
	station *station // nil: any; when the station wanted is not known, nothing is found
	unknown bool
	low     uint64 // looked at are the events from low up to high
	high    uint64
	event   Event
}

// seek begins the search that a view needs; nil when it needs none.
func (e *Engine) seek(v EventsView) *search {
	if v.Filter == nil && v.Station == "" {
		return nil
	}
	e.searches++
	s := &search{engine: e, serial: e.searches, view: v, low: e.window.next, high: e.window.next}
	if v.Station != "" {
		s.station = e.byKey[v.Station]
		s.unknown = s.station == nil
	}
	return s
}

// serves tells whether the search is the one that a view needs.
func (s *search) serves(v EventsView) bool {
	return s != nil && s.view.Filter == v.Filter && s.view.Station == v.Station
}

// step looks at events until there are none left or the time is over, and tells whether there are none left.
func (s *search) step(until time.Time) bool {
	w := s.engine.window
	s.low, s.high = max(s.low, w.first()), max(s.high, w.first())
	for n := 1; ; n++ {
		switch {
		case s.high < w.next:
			s.look(s.high)
			s.high++
		case s.low > w.first():
			s.low--
			s.look(s.low)
		default:
			return true
		}
		if n%32 == 0 && time.Now().After(until) {
			return false
		}
	}
}

func (s *search) look(number uint64) {
	w := s.engine.window
	chunk, at := w.find(number)
	c := w.chunks[chunk]
	c.mark(s.serial, at, s.wants(c, at, number))
}

func (s *search) wants(c *chunk, at int, number uint64) bool {
	r, entry, data := c.get(at)
	if s.unknown || s.station != nil && r.station != s.station.index {
		return false
	}
	if s.view.Filter == nil {
		return true
	}
	headers := s.event.Headers[:0]
	s.event = Event{Received: Received{Number: number, Headers: headers}}
	s.engine.fill(r, entry, data, &s.event)
	return s.view.Filter.Wants(&s.event)
}

// ranks are the events that a pane lists, by rank: those that a search found, or, where it is nil, all.
type ranks struct {
	window *window
	search *search
}

// below is how many of them are older than an event.
func (x ranks) below(number uint64) uint64 {
	w := x.window
	number = min(max(number, w.first()), w.next)
	if x.search == nil {
		return number - w.first()
	}
	if w.total() == 0 {
		return 0
	}
	n := 0
	for _, c := range w.chunks {
		if number < c.first+uint64(c.n) {
			if number > c.first {
				n += c.rank(x.search.serial, int(number-c.first))
			}
			break
		}
		n += c.found(x.search.serial)
	}
	return uint64(n)
}

// nth is the event with a rank that below has shown to exist.
func (x ranks) nth(rank uint64) uint64 {
	if x.search == nil {
		return x.window.first() + rank
	}
	for _, c := range x.window.chunks {
		n := uint64(c.found(x.search.serial))
		if rank < n {
			return c.first + uint64(c.nth(int(rank)))
		}
		rank -= n
	}
	return 0
}
