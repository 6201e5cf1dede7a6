package event

import "cmp"

// Fault is what went wrong with an event, as the ledger counts it and filters name it: "" when nothing did.
type Fault string

// Faults.
const (
	Refused     Fault = "rejected"    // by a rule of its fold
	NotFolded   Fault = "failed"      // its fold could not be computed
	Undecodable Fault = "undecodable" // its payload could not be read
)

// Sign is the one sign of a fault, wherever events are shown.
func (f Fault) Sign() string {
	switch f {
	case Refused:
		return "✗"
	case NotFolded:
		return "!"
	case Undecodable:
		return "?"
	}
	return ""
}

// Fault says what went wrong with the event, and why.
func (e *Event) Fault() (fault Fault, why string) {
	if e.Undecodable {
		return Undecodable, e.Problem
	}
	return FaultOf(e.Rejected, cmp.Or(e.Failed, e.Problem))
}

// FaultOf says which fault it is that an event was refused for, or could not be folded for, and why.
func FaultOf(rejected, failed string) (fault Fault, why string) {
	switch {
	case rejected != "":
		return Refused, rejected
	case failed != "":
		return NotFolded, failed
	}
	return "", ""
}
