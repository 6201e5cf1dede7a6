// Package heap keeps the memory of the process close to what its engine holds. It sets the runtime's memory limit and the
// pace of its garbage collector, which belong to the whole process: there is one Limit in a program. It waits for nothing.
package heap

import (
	"runtime/debug"
	"sync/atomic"

	"signalbox/sources"
)

// Limit is the runtime's memory limit, and how the collector works below it.
type Limit struct {
	work    func(func()) // starts a goroutine
	most    int64        // the most that was held and waited since memory was given back
	percent int          // of debug.SetGCPercent
	freeing atomic.Bool
}

// beyond is what the runtime may take besides the budget, for garbage, stacks and what the program itself needs: with the
// program's text, which the system counts too, the process stays within the budget and 64 MiB. All that is held draws on the
// budget, so there is room for garbage even when it is used up.
const beyond = 28 << 20

// While less is held than this the collector works as in any program: with a small heap it would never rest otherwise.
const smallHeap = 32 << 20

// burst is by how much less must be held than at most before memory is given back.
const burst = 64 << 20

// NewLimit sets the limit for an engine with a budget of so many bytes, unless the environment sets one that is lower; work
// starts a goroutine that is waited for.
func NewLimit(budget int64, work func(func())) *Limit {
	h := &Limit{work: work}
	h.collect(0)
	debug.SetMemoryLimit(min(budget+beyond, debug.SetMemoryLimit(-1)))
	return h
}

// Holds is told how much is held and waits: it is the engine's Options.Holds, and is called from the engine's goroutine
// only. What a burst leaves behind goes back to the system at once; the collector alone would keep it for minutes.
func (h *Limit) Holds(bytes int64) {
	h.collect(bytes)
	if h.most = max(h.most, bytes); bytes < h.most-burst {
		h.most = bytes
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
