package bus

import "context"

// Examiner is a bus that can say what a session may do and would touch. Examining changes nothing.
type Examiner interface {
	// Examine asks the broker. What could not be asked is a Finding of its own, not an error.
	Examine(ctx context.Context) []Finding
}

// Finding is one line of an examination.
type Finding struct {
	Section string // "server", "rights", "reading", "trace", in the order to show them
	Name    string
	Value   string
	Level   Level // Warn: something is left out; Fail: something does not work
}
