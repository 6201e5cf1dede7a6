// Package effects finds what followed an event: the events that it led to, as far as they say so, and those that came to the
// same entities soon after it, which is a guess and marked as one.
//
// A Search is for one goroutine, the engine's while it shows events. Nothing in it waits. It keeps copies of at most MostEffects
// events; how many more there were it counts.
package effects

import (
	"slices"
	"time"

	"signalbox/sources"
)

// Tie is how an event is tied to one before it.
type Tie string

// The ties, the strongest first.
const (
	Caused     Tie = "caused"     // it names the other event as its cause
	Correlated Tie = "correlated" // both carry the same id of a story
	Inferred   Tie = "inferred"   // it came to the same entity, or names it, soon after: a guess
)

// MostEffects bounds the events that are kept of one search.
const MostEffects = 500

// Effect is an event that followed another.
type Effect struct {
	Event *sources.Event
	Tie   Tie           // "" of the event that was asked about
	By    string        // what ties it: "Causation-Id", "command_id", "correlation", "order o-1", "data.order_id = o-1"
	Of    int           // the index of the event that it followed; -1 of the one that was asked about
	Depth int           // how many steps it is from the event that was asked about
	After time.Duration // since the event that was asked about
}

// Search looks for what followed one event.
type Search struct {
	within   time.Duration
	found    []Effect
	more     int
	ids      map[string]int         // of events, by what others may name them
	stories  map[string]int         // the first event of each correlation
	entities map[sources.Entity]int // the first event of each
	named    map[string]int         // the first event that holds an id of something, by the id
}

// New begins a search for what followed an event. What is only inferred counts up to so long after it.
func New(first *sources.Event, within time.Duration) *Search {
	s := &Search{within: within, ids: map[string]int{}, stories: map[string]int{}, entities: map[sources.Entity]int{}, named: map[string]int{}}
	s.add(first, Effect{Of: -1})
	return s
}

// See looks at an event that came after the first one, in the order in which they came.
func (s *Search) See(e *sources.Event) {
	if e.Number <= s.found[0].Event.Number {
		return
	}
	tie, by, of := s.tie(e)
	switch {
	case tie == "":
	case len(s.found) == MostEffects:
		s.more++
	default:
		s.add(e, Effect{Tie: tie, By: by, Of: of, Depth: s.found[of].Depth + 1})
	}
}

// add notes an event, and by what later ones may be tied to it.
func (s *Search) add(e *sources.Event, x Effect) {
	x.Event = e.Clone()
	at := len(s.found)
	s.found = append(s.found, x)
	s.found[at].After = time.Duration(e.UnixNano - s.found[0].Event.UnixNano)
	for _, id := range idsOf(x.Event) {
		note(s.ids, id, at)
	}
	note(s.stories, x.Event.Correlation, at)
	if entity := x.Event.Entity(); !entity.IsZero() && !e.Copy {
		if _, known := s.entities[entity]; !known {
			s.entities[entity] = at
		}
	}
	named(x.Event, func(_, id string) { note(s.named, id, at) })
}

// note remembers the first event of a text.
func note(in map[string]int, text string, at int) {
	if _, known := in[text]; !known && text != "" {
		in[text] = at
	}
}

// tie says to which of the events found so far an event is tied, and how; "" where it is to none.
func (s *Search) tie(e *sources.Event) (tie Tie, by string, of int) {
	if by, id := causeOf(e); id != "" {
		if at, ok := s.ids[id]; ok {
			return Caused, by, at
		}
	}
	if e.Correlation != "" {
		if at, ok := s.stories[e.Correlation]; ok {
			return Correlated, "correlation", at
		}
		if at, ok := s.ids[e.Correlation]; ok {
			return Caused, "correlation", at
		}
	}
	if after := time.Duration(e.UnixNano - s.found[0].Event.UnixNano); after < 0 || after > s.within {
		return "", "", 0
	}
	field, at, ok := s.names(e)
	if same, known := s.entities[e.Entity()]; known && (!ok || same >= at) {
		return Inferred, e.Entity().Kind, same
	}
	if ok {
		return Inferred, field, at
	}
	return "", "", 0
}

// All are the events found, each before what followed it, and how many more there were. The first is the one that was asked about.
func (s *Search) All() (all []Effect, more int) {
	followers := make([][]int, len(s.found))
	for i, x := range s.found {
		if x.Of >= 0 {
			followers[x.Of] = append(followers[x.Of], i)
		}
	}
	all = make([]Effect, 0, len(s.found))
	var put func(at, of int)
	put = func(at, of int) {
		x := s.found[at]
		x.Of = of
		all = append(all, x)
		of = len(all) - 1
		for _, next := range followers[at] {
			put(next, of)
		}
	}
	put(0, -1)
	return all, s.more
}

// Entities are those that the events came to, each with its last event, in the order of their first.
func Entities(all []Effect) []*sources.Event {
	var last []*sources.Event
	for _, x := range slices.SortedStableFunc(slices.Values(all), func(a, b Effect) int { return int(int64(a.Event.Number) - int64(b.Event.Number)) }) {
		entity := x.Event.Entity()
		if entity.IsZero() || x.Event.Copy {
			continue
		}
		if at := slices.IndexFunc(last, func(e *sources.Event) bool { return e.Entity() == entity }); at >= 0 {
			last[at] = x.Event
		} else {
			last = append(last, x.Event)
		}
	}
	return last
}
