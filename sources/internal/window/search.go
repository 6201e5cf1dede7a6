package window

import "time"

// List is the events that a pane shows, by rank from the oldest: those of a Search, or all of a Window.
type List interface {
	// Below is how many of them are older than an event.
	Below(number uint64) uint64
	// Nth is the event with a rank, which must exist.
	Nth(rank uint64) uint64
}

// Below implements List.
func (w *Window) Below(number uint64) uint64 { return min(max(number, w.First()), w.next) - w.First() }

// Nth implements List.
func (w *Window) Nth(rank uint64) uint64 { return w.First() + rank }

// Search finds the held events that are wanted, newest first and a part at a time, and then those that come. What it has
// found is marked in the chunks, so that it takes next to no memory and leaves with the events. Only the newest search of
// a window may be used.
type Search struct {
	window *Window
	serial uint64
	wants  func(number uint64, held Held) bool
	low    uint64 // looked at are the events from low up to high
	high   uint64
	again  uint64 // to be looked at again are those from low up to here
}

// Search begins a search.
func (w *Window) Search(wants func(number uint64, held Held) bool) *Search {
	w.serial++
	return &Search{window: w, serial: w.serial, wants: wants, low: w.next, high: w.next}
}

// Again has all events looked at once more, the newest first. What was found stays found until its turn comes.
func (s *Search) Again() { s.again = s.high }

// Step looks at events until there are none left or the time is over, and tells whether there are none left.
func (s *Search) Step(until time.Time) bool {
	w := s.window
	s.low, s.high = max(s.low, w.First()), max(s.high, w.First())
	for n := 1; ; n++ {
		switch {
		case s.high < w.next:
			s.look(s.high)
			s.high++
		case s.low > w.First():
			s.low--
			s.look(s.low)
		case s.again > s.low:
			s.again--
			s.look(s.again)
		default:
			return true
		}
		if n%32 == 0 && time.Now().After(until) {
			return false
		}
	}
}

func (s *Search) look(number uint64) {
	i, at := s.window.find(number)
	c := s.window.chunks[i]
	c.mark(s.serial, at, s.wants(number, c.get(at)))
}

// Searched is how many of the held events up to one were looked at.
func (s *Search) Searched(newest uint64) uint64 {
	high, low := min(s.high, newest+1), max(s.low, s.window.First())
	return high - min(low, high)
}

// Below implements List.
func (s *Search) Below(number uint64) uint64 {
	w := s.window
	number = min(max(number, w.First()), w.next)
	n := 0
	for _, c := range w.chunks {
		if number < c.first+uint64(c.n) {
			if number > c.first {
				n += c.rank(s.serial, int(number-c.first))
			}
			break
		}
		n += c.found(s.serial)
	}
	return uint64(n)
}

// Nth implements List.
func (s *Search) Nth(rank uint64) uint64 {
	for _, c := range s.window.chunks {
		n := uint64(c.found(s.serial))
		if rank < n {
			return c.first + uint64(c.nth(int(rank)))
		}
		rank -= n
	}
	return 0
}
