package sources

import (
	"signalbox/bus"
	"signalbox/sources/internal/entities"
	"signalbox/sources/internal/window"
	"signalbox/sources/state"
)

// store is all events and entities that are held: what comes is understood, folded and kept in it, and read from it. It
// knows nothing of views and requests.
type store struct {
	domains Domains      // nil understands nothing
	head    int          // bytes of one payload that are held
	tell    func(string) // that a bound is reached

	window   *window.Window
	entities *entities.Table
	types    dictionary
	stations []*station

	// Used again for each event.
	message bus.Message
	facts   window.Facts
	again   struct { // a held event that is read
		bus.Message
		window.Facts
	}
	state state.State
	undo  []byte
}

// evicted accounts for events that leave the window.
func (st *store) evicted(byStation []uint32) {
	for i, n := range byStation {
		l := &st.stations[i].ledger
		l.Held -= uint64(n)
		l.Evicted += uint64(n)
	}
}
