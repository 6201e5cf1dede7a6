package heap

import (
	"runtime/debug"
	"testing"

	"signalbox/sources"
)

// The runtime's limit stays where it is whatever is held, and what a burst took is given back once when it is over.
func TestHeapFollowsABurst(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(-1))
	const budget, held, most = 256 << 20, 120 << 20, 220 << 20
	freed := 0
	h := NewLimit(budget, func(work func()) { freed++; work() })
	if limit := debug.SetMemoryLimit(-1); limit <= budget || limit > budget+64<<20 {
		t.Errorf("the limit is %d with a budget of %d", limit, budget)
	}
	if percent := debug.SetGCPercent(100); percent != 100 {
		t.Errorf("with nothing held the collector is to leave %d percent", percent)
	}
	for _, step := range []struct {
		bytes int64
		freed int
	}{{held, 0}, {most, 0}, {most, 0}, {held, 1}, {held, 1}, {most, 1}, {held, 2}} {
		if h.Holds(step.bytes); freed != step.freed {
			t.Errorf("after %d bytes were held memory was given back %d times, not %d", step.bytes, freed, step.freed)
		}
	}
	if percent := debug.SetGCPercent(sources.GarbagePercent); percent != sources.GarbagePercent {
		t.Errorf("with much held the collector leaves %d percent", percent)
	}
	if limit := debug.SetMemoryLimit(-1); limit <= budget || limit > budget+64<<20 {
		t.Errorf("after all that the limit is %d", limit)
	}
}

// A limit of the environment that is lower is kept.
func TestALowerLimitIsKept(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(100 << 20))
	NewLimit(256<<20, func(func()) {})
	if limit := debug.SetMemoryLimit(-1); limit != 100<<20 {
		t.Errorf("the limit is %d", limit)
	}
}
