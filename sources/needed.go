package sources

import (
	"context"
	"fmt"
	"strings"

	"signalbox/bus"
	"signalbox/sources/internal/breakpoints"
	"signalbox/sources/internal/store"
	"signalbox/sources/state"
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
	if !ev.Partial || e.needed.full || ev.Kind == nil || !e.watch.breaks.Any() || !e.watch.breaks.Needs(ev.Kind) || e.needed.tried[ev.Entity()] {
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

// mostAskedAgain bounds the events of an entity that breakpoints are asked about again.
const mostAskedAgain = 10_000

// askAgain asks breakpoints and invariants again about the events of an entity that was completed.
func (x *watching) askAgain(slot uint32) {
	k := x.store.Entities.Kind(x.store.Entities.At(slot))
	hit := x.askTable(&x.breaks, slot, k, false)
	hit = x.askTable(&x.always, slot, k, true) || hit
	if hit {
		x.news()
	}
}

func (x *watching) askTable(t *breakpoints.Table, slot uint32, k *state.Kind, folded bool) bool {
	past := x.store.Past()
	return t.Any() && t.Again(slot, k, func(yield func(uint64, *Event) bool) {
		c := x.store.Chain(slot)
		for range mostAskedAgain {
			number, held, ok := c.Here()
			if !ok {
				return
			}
			ev := Event{Past: past}
			x.store.Read(number, held, &ev)
			if store.IsEarlier(number) {
				number = 0
			}
			if c.Back(); (!folded || held.Folded()) && !yield(number, &ev) {
				return
			}
		}
	})
}
