package breakpoints

import (
	"slices"

	"signalbox/sources/internal/event"
	"signalbox/sources/state"
)

// Needs tells whether a breakpoint asks for states of entities of a kind.
func (t *Table) Needs(k *state.Kind) bool {
	return slices.ContainsFunc(t.points, func(p *point) bool {
		return !p.Off && (p.Kind == "" || p.Kind == k.Name()) && p.When.AsksStates()
	})
}

// Again asks about events of one entity again, of which more is known than when they came. They are given from the newest back,
// with the number 0 where an event was never to be asked about. It tells whether any of them hit a breakpoint that it had not hit.
func (t *Table) Again(slot uint32, k *state.Kind, events func(yield func(number uint64, e *event.Event) bool)) (hit bool) {
	for _, p := range t.points {
		if p.Off || p.Kind != "" && p.Kind != k.Name() {
			continue
		}
		var numbers []uint64
		var holds []bool
		for number, e := range events {
			numbers, holds = append(numbers, number), append(holds, p.When.Wants(e))
		}
		if len(holds) == 0 {
			continue
		}
		p.held.Put(slot, holds[0])
		for i := len(holds) - 1; i >= 0; i-- {
			before := i+1 < len(holds) && holds[i+1]
			if holds[i] && !before && numbers[i] >= p.since && numbers[i] != 0 && !slices.Contains(p.events[:min(p.hits, MaxEvents)], numbers[i]) {
				hit = p.hit(numbers[i])
			}
		}
	}
	return hit
}
