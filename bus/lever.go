package bus

import "context"

// Lever is something a person can do to a station or a consumer: pause, purge, claim, delete. Each needs a
// confirmation, and none is shown to a session that may not send.
type Lever struct {
	Name   string // "purge", unique among the levers of one target
	Title  string // "Purge messages of a subject"
	About  string // what it does and what cannot be undone, in a sentence
	Harms  bool   // it destroys something
	Fields []LeverField
}

// LeverField is one thing to say when a lever is pulled.
type LeverField struct {
	Name, Label, About, Default string
	Optional                    bool
}

// Target is what a lever is pulled on: a station, one of its consumers, or, with neither, the bus itself.
type Target struct {
	Station  Station
	Consumer *Consumer
}

// Operator is a bus with levers.
type Operator interface {
	// Levers lists what can be done to a target, with defaults filled in. It never blocks.
	Levers(on Target) []Lever

	// Pull does it and says in one sentence what was done. Values are by field name.
	Pull(ctx context.Context, on Target, lever string, values map[string]string) (string, error)
}
