package sources

import (
	"context"
	"time"

	"signalbox/sources/internal/flow"
	"signalbox/sources/internal/inquiry"
	"signalbox/sources/internal/window"
)

// Flow is the state machine of the entities of a kind as it ran, mined from the events that are held and those that came
// while somebody looked.
type Flow = flow.Graph

// FlowBox is a status, or a type of events, in a Flow.
type FlowBox = flow.Box

// FlowArrow leads from one box of a Flow to another.
type FlowArrow = flow.Arrow

// FlowWay is an event by which an arrow of a Flow was gone.
type FlowWay = flow.Way

// FlowWaiting is an entity that waits longer than others did.
type FlowWaiting = flow.Waiting

// FlowOthers is the box of what has no box of its own.
const FlowOthers = flow.Others

// MaxFlowWaiting bounds Flow.Waiting.
const MaxFlowWaiting = flow.MostWaiting

// Declaring are Domains that know which statuses entities of a kind are to have.
type Declaring = inquiry.Declaring

// Flow is the flow of the kind that Options.Flow names, of all that was taken in; nil when it names none.
func (e *Engine) Flow(ctx context.Context) (g *Flow, err error) {
	begun := false
	err = e.requests.inSteps(ctx, func() (done bool) {
		g, done = e.flow.Whole(!begun, time.Now().Add(sliceTime))
		begun = true
		return done
	})
	return g, err
}

// tellFlow has the flow that is looked at take in the event that was just folded.
func (e *Engine) tellFlow(ev *Event, result window.Result) {
	slot, first := e.store.LastEntity()
	e.flow.Take(ev, slot, first, result == window.Folded)
}
