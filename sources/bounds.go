package sources

import (
	"fmt"

	"signalbox/bus"
	"signalbox/sources/internal/entities"
	"signalbox/sources/state"
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
	if bounded, ok := e.store.domains.(Bounded); ok {
		bounded.TellBounds(tell)
	}
	e.store.tell = tell
	e.store.types.full = func() {
		tell(fmt.Sprintf("there are more than %d types of events; events of other types are held without their type: "+
			"name the stations that matter, or narrow them with a pattern", mostTypes))
	}
}

// tellFields says that a kind has more fields than are kept.
func (st *store) tellFields(k *state.Kind) {
	st.tell(fmt.Sprintf("entities of kind %s have more than %d fields; the others are left out", k.Name(), state.MaxFields))
}

// tellStatuses says that a kind has more statuses than are counted.
func (st *store) tellStatuses(k *state.Kind) {
	st.tell(fmt.Sprintf("entities of kind %s have more than %d statuses; those with others stand in lists without a status, their fields are as they came",
		k.Name(), entities.MostStatuses))
}
