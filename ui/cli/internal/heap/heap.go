// Package heap keeps the memory of the process close to what its engine holds. It sets the runtime's memory limit and the
// pace of its garbage collector, which belong to the whole process: there is one Limit in a program. It waits for nothing.
package heap

import (
	"runtime/debug"
	"sync/atomic"

	"signalbox/sources"
)

// Limit is the runtime's memory limit, moved with what is held. One that is never moved would not do: while more than the
// limit is held the collector never rests, and garbage takes all that is left of it.
type Limit struct {
	least   int64        // room that there is in any case: more than the engine holds when no burst waits
	work    func(func()) // starts a goroutine
	room    int64        // what is held and waits may take so much before the limit is moved
	percent int          // of debug.SetGCPercent
	freeing atomic.Bool
}

// The limit is moved in steps, and leaves room for garbage, stacks and what else the runtime holds; the program itself
// needs some of leastHeld. While a burst waits there is more room: otherwise the collector would take the time that the
// burst needs.
const (
	step         = 8 << 20
	garbage      = 24 << 20
	burstGarbage = 64 << 20
	leastHeld    = 64 << 20
)

// While less is held than this the collector works as in any program: with a small heap it would never rest otherwise.
const smallHeap = 32 << 20

// NewLimit sets the limit for an engine with a budget of so many bytes; work starts a goroutine that is waited for.
func NewLimit(budget int64, work func(func())) *Limit {
	h := &Limit{least: max(budget-budget/8, leastHeld), work: work}
	h.collect(0)
	h.move(0)
	return h
}

// Holds is told how much is held and waits: it is the engine's Options.Holds, and is called from the engine's goroutine
// only. What a burst leaves behind goes back to the system at once; the collector alone would keep it for minutes.
func (h *Limit) Holds(bytes int64) {
	h.collect(bytes)
	switch {
	case bytes > h.room:
		h.move(bytes)
	case h.room > h.least && (bytes < h.room-8*step || bytes < h.least-step):
		h.move(bytes)
		if h.freeing.CompareAndSwap(false, true) {
			h.work(func() {
				defer h.freeing.Store(false)
				debug.FreeOSMemory()
			})
		}
	}
}

// collect sets how much garbage there may be.
func (h *Limit) collect(bytes int64) {
	percent := sources.GarbagePercent
	if bytes < smallHeap {
		percent = 100
	}
	if percent != h.percent {
		h.percent = percent
		debug.SetGCPercent(percent)
	}
}

// move sets the limit anew.
func (h *Limit) move(bytes int64) {
	h.room = h.least
	spare := int64(garbage)
	if bytes+step > h.least {
		h.room, spare = bytes+step, burstGarbage
	}
	debug.SetMemoryLimit(h.room + spare)
}
