package wording

import (
	"fmt"

	"signalbox/scenarios/standin"
)

// Played says that a consumer is played, in a word or three.
func Played(p standin.Played) string {
	if p.Condition == standin.On {
		return "stand-in"
	}
	return "stand-in " + string(p.Condition)
}

// PlayedText says how a stand-in is at work.
func PlayedText(p standin.Played) string {
	text := fmt.Sprintf("by signalbox, %s: %d in hand, %d acknowledged, %d refused to come again, %d refused for good", p.Condition,
		p.InHand, p.Handled, p.Failed, p.Refused)
	if p.Lost > 0 {
		text += fmt.Sprintf(", %d lost in crashes", p.Lost)
	}
	return text
}

// Switched says what follows from switching a stand-in.
func Switched(to standin.Condition) string {
	switch to {
	case standin.Off:
		return "is off: it ends what it has in hand, and what comes is its lag"
	case standin.Slow:
		return "is slow: it takes ten times as long"
	case standin.Failing:
		return "fails: all that it is handed comes again, until it is given up"
	case standin.Crashed:
		return "has crashed: what it had in hand comes again after its ack wait, once it is on"
	}
	return "is on"
}
