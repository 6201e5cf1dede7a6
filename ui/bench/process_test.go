package bench

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// process is what a process takes of the machine.
type process struct {
	memory      int64 // bytes that are resident
	peak        int64 // the most that were
	descriptors int
	threads     int
}

// look asks the kernel, where it is one that tells.
func look(t testing.TB, pid int) process {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Skipf("what a process takes is not told here: %v", err)
	}
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	if err != nil {
		t.Fatal(err)
	}
	p := process{descriptors: len(open)}
	for line := range strings.Lines(string(status)) {
		_, _ = fmt.Sscanf(line, "VmRSS: %d kB", &p.memory)
		_, _ = fmt.Sscanf(line, "VmHWM: %d kB", &p.peak)
		_, _ = fmt.Sscanf(line, "Threads: %d", &p.threads)
	}
	p.memory, p.peak = p.memory<<10, p.peak<<10
	return p
}

// course is what a process took, over time.
type course []process

// quarter is the median of one quarter, from 0 on.
func (c course) quarter(n int) process {
	part := c[len(c)*n/4 : len(c)*(n+1)/4]
	median := func(of func(process) int64) int64 {
		var all []int64
		for _, p := range part {
			all = append(all, of(p))
		}
		slices.Sort(all)
		return all[len(all)/2]
	}
	return process{
		memory:      median(func(p process) int64 { return p.memory }),
		descriptors: int(median(func(p process) int64 { return int64(p.descriptors) })),
		threads:     int(median(func(p process) int64 { return int64(p.threads) })),
	}
}

// fewSamples are too few for a quarter of them to say anything: a soak that is not short has more.
const fewSamples = 40

// flat checks that a process took no more in the last quarter than in the second one, but for what comes and goes.
func (c course) flat(t testing.TB, what string) {
	t.Helper()
	if len(c) < fewSamples {
		t.Logf("what %s took is not compared: it was looked at %d times", what, len(c))
		return
	}
	early, late := c.quarter(1), c.quarter(3)
	t.Logf("%s took %d MiB, %d descriptors and %d threads in the second quarter, and %d MiB, %d and %d in the last", what,
		early.memory>>20, early.descriptors, early.threads, late.memory>>20, late.descriptors, late.threads)
	if late.memory > early.memory*11/10+8<<20 || late.descriptors > early.descriptors+3 || late.threads > early.threads+5 {
		t.Errorf("%s takes more and more", what)
	}
}

// within checks that a process never had more resident than its budget and what the program takes besides.
func (c course) within(t testing.TB, what string, budget int64) {
	t.Helper()
	var most int64
	for _, p := range c {
		most = max(most, p.peak)
	}
	t.Logf("%s had %d MiB resident at most, with a budget of %d", what, most>>20, budget>>20)
	if most > budget+mostOver && !raceDetector() {
		t.Errorf("%s had %d MiB resident: want %d at most", what, most>>20, (budget+mostOver)>>20)
	}
}
