package cli

import (
	"runtime/debug"
	"sync/atomic"

	"signalbox/sources"
)

// heap keeps the memory of the process close to what its engine holds. A limit that is never moved would not do: while
// more than it waits the collector never rests, and what is garbage takes all that is left of it.
type heap struct {
	least   int64        // room that there is in any case: more than the engine holds when no burst waits
	work    func(func()) // starts a goroutine
	room    int64        // what is held and waits may take so much before the limit is moved
	percent int          // of debug.SetGCPercent
	freeing atomic.Bool
}

// The limit is moved in steps, and leaves room for garbage, stacks and what else the runtime holds; the program itself
// needs some of the least. While a burst waits there is more room, for the collector would take the time that it wants.
const (
	heapStep     = 8 << 20
	heapGarbage  = 24 << 20
	burstGarbage = 64 << 20
	leastHeap    = 64 << 20
)

// While less is held than this the collector works as in any program: with a small heap it would never rest otherwise.
const smallHeap = 32 << 20

func newHeap(budget int64, work func(func())) *heap {
	h := &heap{least: max(budget-budget/8, leastHeap), work: work}
	h.collect(0)
	h.move(0)
	return h
}

// holds is told how much is held and waits: it is the engine's Options.Holds. What a burst leaves behind the system gets
// back at once; by itself the collector would keep it for minutes.
func (h *heap) holds(bytes int64) {
	h.collect(bytes)
	switch {
	case bytes > h.room:
		h.move(bytes)
	case h.room > h.least && (bytes < h.room-8*heapStep || bytes < h.least-heapStep):
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
func (h *heap) collect(bytes int64) {
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
func (h *heap) move(bytes int64) {
	h.room = h.least
	garbage := int64(heapGarbage)
	if bytes+heapStep > h.least {
		h.room, garbage = bytes+heapStep, burstGarbage
	}
	debug.SetMemoryLimit(h.room + garbage)
}
