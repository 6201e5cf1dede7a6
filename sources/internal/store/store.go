// Package store is all events and entities that are held: what comes is understood, folded and kept in it, and read from
// it again, as it is now and as it was.
//
// A Store belongs to one goroutine. Nothing in it blocks.
package store

import (
	"signalbox/bus"
	"signalbox/sources/internal/entities"
	"signalbox/sources/internal/event"
	"signalbox/sources/internal/window"
	"signalbox/sources/state"
)

// Store is all events and entities that are held. It knows nothing of views and requests.
type Store struct {
	Domains event.Domains                     // nil understands nothing
	Head    int                               // bytes of one payload that are held
	State   int64                             // bytes that the state of one entity may take; 0 is any number
	Tell    func(string)                      // that a bound is reached
	States  bool                              // states before an event are asked for although no event is held
	Look    func(*event.Event, window.Result) // told of each event before it is kept, when its states are told at the least cost; may be nil

	Window   *window.Window
	Entities *entities.Table
	Places   []*Place // where events come from, by their index
	types    dictionary
	unseen   []unseen                            // in the order in which it became known
	earlier  func(k *state.Kind, id string) bool // an entity that is not known may have had events before; nil: none had

	Earlier      int64               // bytes that events may take that completed entities had before what is held
	completed    map[uint32]*earlier // by slot
	earlierBytes int64
	completions  uint64
	way          waymarks           // of the entity that was gone back through last
	touched      map[uint32]touched // see RememberTouched; nil: it is not known
	amended      uint64             // grows when what is held of entities is amended: who goes back through it begins anew

	// Used again for each event.
	message bus.Message
	facts   window.Facts
	again   struct { // a held event that is read
		bus.Message
		window.Facts
	}
	state state.State
	undo  []byte
	last  taken
}

// New makes a store, which has no Window yet, and whose Tell is to be set.
func New(domains event.Domains, head int, table *entities.Table) *Store {
	st := &Store{Domains: domains, Head: head, Entities: table, types: dictionary{numbers: map[string]uint16{}}}
	st.types.full = st.tellTypes
	return st
}

// taken is what is known of the event that was taken in last.
type taken struct {
	number uint64
	slot   uint32
	open   bool // it is not kept yet
	known  bool // it has an entity
	first  bool // and is its first
	folded bool
	cut    bool // the state before it cannot be told

	previous uint64 // the number of the entity's event before it, 0: none
	doubtful bool   // what was known of the entity's state, but for its fields, may be another
}

// Place is a station, as far as its events need it.
type Place struct {
	Key    string // unique in the session
	Index  uint16 // in Store.Places
	Bus    string
	Name   string
	Kind   bus.Kind
	Traits *bus.Traits // events point to them, so they are never changed
	Since  int64       // events before this time were not seen, or may not have been; 0: all were
}
