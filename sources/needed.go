package sources

import (
	"context"
	"fmt"
	"strings"

	"signalbox/bus"
)

// needed are partial entities that breakpoints ask about: they are completed one after the other, each once.
type needed struct {
	waiting []Entity
	tried   map[Entity]bool
	running bool
	full    bool // there are too many
	told    bool // that one could not be completed, or that there are too many
}

// mostNeeded bounds the entities that are completed for breakpoints.
const mostNeeded = 4096

// need has the entity of an event completed, where it is partial and a breakpoint asks for its state.
func (e *Engine) need(ev *Event) {
	if !ev.Partial || e.needed.full || ev.Kind == nil || !e.watch.Breaks.Any() || !e.watch.Breaks.Needs(ev.Kind) || e.needed.tried[ev.Entity()] {
		return
	}
	n := &e.needed
	if n.full = len(n.tried) == mostNeeded; n.full {
		n.tell(e, fmt.Sprintf("more than %d entities that breakpoints ask about began before you attached; no more of them are completed", mostNeeded))
		return
	}
	if n.tried == nil {
		n.tried = map[Entity]bool{}
	}
	of := ev.Entity()
	of.ID = strings.Clone(of.ID)
	n.tried[of], n.waiting = true, append(n.waiting, of)
	if !n.running {
		n.running = true
		e.work.Go("what completes entities for breakpoints", func() { e.completeNeeded(e.running) })
	}
}

// completeNeeded completes those that wait.
func (e *Engine) completeNeeded(ctx context.Context) {
	for {
		var of Entity
		err := e.requests.do(ctx, func() {
			n := &e.needed
			if n.running = len(n.waiting) > 0; n.running {
				of, n.waiting = n.waiting[0], n.waiting[1:]
			}
		})
		if err != nil || of.IsZero() {
			return
		}
		if _, err := e.Complete(ctx, of, nil); err != nil && ctx.Err() == nil {
			e.requests.post(func() { e.needed.tell(e, "for a breakpoint: "+err.Error()) })
		}
	}
}

// tell says once that something could not be completed.
func (n *needed) tell(e *Engine, text string) {
	if !n.told {
		n.told = true
		e.notices.add(bus.Warn, "", "", text)
	}
}
