package sources

import (
	"fmt"

	"signalbox/bus"
	"signalbox/sources/subjects"
)

// Bounded are Domains that keep no more than so many different things, whatever is sent.
type Bounded interface {
	// TellBounds gives them what to call, on the goroutine of Understand, when a bound is reached: with what is left out
	// from then on, and what can be done. Each bound is told once.
	TellBounds(func(text string))
}

// tellBounds lets everything that keeps only so much say in a notice that it leaves something out.
func (e *Engine) tellBounds() {
	tell := func(text string) { e.notices.add(bus.Warn, "", "", text) }
	if bounded, ok := e.store.Domains.(Bounded); ok {
		bounded.TellBounds(tell)
	}
	e.store.Tell = tell
}

// tellSubjects says once of a station that it has more subjects than are counted.
func (e *Engine) tellSubjects(s *station) {
	if !s.crowded && s.subjects.Full() {
		s.crowded = true
		e.notices.add(bus.Warn, s.Bus, s.Name, "has more subjects than are counted each for itself ("+subjects.Bounds()+
			"); the others are counted together, as rest: name a part of them to see more")
	}
}

// tellSampled says once, when the past is looked at, that there are more stations or consumers than are sampled.
func (e *Engine) tellSampled() {
	stations, consumers := len(e.attached.stations), len(e.attached.consumers)
	if e.crowded || stations <= mostSampled && consumers <= mostSampled {
		return
	}
	e.crowded, e.dirty = true, true
	e.notices.add(bus.Warn, "", "", fmt.Sprintf("how things were is known of %d stations and %d consumers; there are %d and %d: name those that matter",
		min(stations, mostSampled), min(consumers, mostSampled), stations, consumers))
}
