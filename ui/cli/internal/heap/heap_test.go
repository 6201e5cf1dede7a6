package heap

import (
	"runtime/debug"
	"testing"

	"signalbox/sources"
)

// The runtime's limit leaves room for a burst while it waits, and what it took is given back once when it is over.
func TestHeapFollowsABurst(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(-1))
	const budget, held, burst = 256 << 20, 192 << 20, 400 << 20
	freed := 0
	h := NewLimit(budget, func(work func()) { freed++; work() })
	quiet := debug.SetMemoryLimit(-1)
	if percent := debug.SetGCPercent(100); percent != 100 {
		t.Errorf("with nothing held the collector is to leave %d percent", percent)
	}
	if h.Holds(held); debug.SetMemoryLimit(-1) != quiet || freed > 0 {
		t.Errorf("what is held moves the limit from %d to %d, freed %d times", quiet, debug.SetMemoryLimit(-1), freed)
	}
	if percent := debug.SetGCPercent(sources.GarbagePercent); percent != sources.GarbagePercent {
		t.Errorf("with much held the collector leaves %d percent", percent)
	}
	for range 2 {
		if h.Holds(burst); debug.SetMemoryLimit(-1) <= burst {
			t.Errorf("the limit is %d while %d are held and wait", debug.SetMemoryLimit(-1), burst)
		}
	}
	for range 2 {
		if h.Holds(held); debug.SetMemoryLimit(-1) != quiet || freed != 1 {
			t.Errorf("after a burst the limit is %d, freed %d times; want %d, once", debug.SetMemoryLimit(-1), freed, quiet)
		}
	}
}
