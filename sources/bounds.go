package sources

import (
	"signalbox/bus"
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
