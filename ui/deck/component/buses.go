package component

import (
	"context"

	"signalbox/bus"
)

// Buses attaches to buses and detaches from them while the deck is shown. Its methods wait, but for Contexts: they are for commands.
type Buses interface {
	// Attach attaches to a bus and stations of it, named as on the command line, or to further stations of the only bus. It
	// returns the bus, which may be attached already, and says what came of it.
	Attach(ctx context.Context, words []string) (b bus.Bus, said string, err error)

	// Detach detaches from a bus, and closes it, or from some of its stations.
	Detach(ctx context.Context, b bus.Bus, stations ...string) error

	// Contexts are the names by which buses were known when the deck began.
	Contexts() []string
}
