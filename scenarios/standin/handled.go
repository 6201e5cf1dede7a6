package standin

import (
	"time"

	"signalbox/bus"
	"signalbox/sources"
)

// Handled is what a stand-in did about one message.
type Handled struct {
	At       time.Time
	StandIn  string // in full
	Type     string // "" where it did not come to understand it
	Entity   sources.Entity
	Position bus.Position
	Delivery int // from 1
	Took     time.Duration
	Verdict  bus.Verdict
	Why      string   // it was refused, by the stand-in or by a rule
	Sent     []string // commands that it sends because of it
}
