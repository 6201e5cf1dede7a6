package sources

import "signalbox/sources/state"

// Domains understands messages. Package scenarios implements it; the engine calls it on its own goroutine, for every
// message, so it must not block, and should not allocate.
type Domains interface {
	// Understand reads the Received part of e and fills in the Understood part. It must accept any bytes; where it finds
	// nothing to say, it leaves the fields empty.
	Understand(e *Event)
}

// Fold computes the next state of an entity.
type Fold interface {
	// Apply changes state as the event demands and returns "", or returns the reason of a refusal. An error says that
	// the event lacks what its rule needs ("data.quantity: want a number, have \"x\""). After a refusal or an error the
	// engine undoes what was written.
	Apply(e *Event, state *state.State) (refused string, err error)
}
