package sources

import (
	"context"
	"fmt"

	"signalbox/sources/internal/lists"
	"signalbox/sources/internal/store"
)

// Imagined is one event of a history as it might have been.
type Imagined = store.Imagined

// WhatIf is a history as it might have been beside the real one, and the states that the two lead to.
type WhatIf = store.WhatIf

// ImaginedStep is one event of a history as it might have been, with what it leads to there.
type ImaginedStep = store.ImaginedStep

// Parting is the first place at which the real state and the imagined one are not the same.
type Parting = store.Parting

// EventRef is an event of an entity, in short.
type EventRef = store.EventRef

// foldsAtOnce is how many events of an imagined history are folded in one step.
const foldsAtOnce = 500

// EventsOf are the held events of an entity, oldest first; none when it is not known.
func (e *Engine) EventsOf(ctx context.Context, of Entity) (refs []EventRef, err error) {
	err = e.requests.do(ctx, func() {
		st := e.revisits.storeShown()
		if slot, ok := st.Entities.ByName(of); ok {
			refs = st.Refs(slot)
		}
	})
	return refs, err
}

// WhatIf folds a history of an entity as it might have been: held events of it, in any order, and others. The real one that it
// stands beside goes up to the event until; 0 is all. Nothing of it is kept, and nothing is sent.
func (e *Engine) WhatIf(ctx context.Context, of Entity, list []Imagined, until uint64) (*WhatIf, error) {
	var x *store.Imagination
	var found *WhatIf
	var failed error
	err := e.requests.inSteps(ctx, func() bool {
		if x == nil {
			st := e.revisits.storeShown()
			slot, ok := st.Entities.ByName(of)
			if !ok {
				failed = fmt.Errorf("there is no %s", of)
				return true
			}
			if x, failed = st.Imagine(slot, list, until); failed != nil {
				return true
			}
		}
		done := x.Step(foldsAtOnce)
		if done {
			found, failed = x.Found()
		}
		return done
	})
	if err == nil {
		err = failed
	}
	return found, err
}

// Event is a held event, whole.
func (e *Engine) Event(ctx context.Context, number uint64) (*EventDetail, error) {
	var d *EventDetail
	err := e.requests.do(ctx, func() {
		st := e.revisits.storeOf(number)
		if _, held := st.Held(number); held {
			d = lists.Detail(st, number)
		}
	})
	if err == nil && d == nil {
		err = fmt.Errorf("event %d has left the window: it is no longer held", number)
	}
	return d, err
}
