package bench

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"signalbox/sources"
)

// watch is `signalbox tail --json` on the stations of a flood, whose lines are held against the numbers that were sent.
type watch struct {
	t       testing.TB
	process *exec.Cmd
	errs    bytes.Buffer
	over    sync.WaitGroup
	newest  map[string]*atomic.Uint64
	paused  sync.Mutex // who holds it keeps the lines from being read

	// Of the goroutine that reads, and of whoever waited for it:
	forced   bool
	lines    uint64
	repeated uint64
	again    []string // the first of those, in words
	holes    map[string][]hole
	strange  []byte // the first line that is none of ours
}

// hole is a run of numbers that did not come.
type hole struct {
	run
	after time.Time // when what is before it came: how long it was on its way the program cannot know
	until time.Time // when what is behind it was sent
}

// startWatch starts it and waits until it is attached.
func startWatch(t testing.TB, nats, redis string, flags ...string) *watch {
	w := &watch{t: t, newest: map[string]*atomic.Uint64{}, holes: map[string][]hole{}}
	for name := range flooded {
		w.newest[name] = &atomic.Uint64{}
	}
	args := append([]string{"tail", "--json", "--stats", "--memory", fmt.Sprint(watchMemory, "MiB")}, flags...)
	args = append(args, nats, keptByNATS, toldByNATS, redis, keptByRedis, toldByRedis)
	w.process = child(t, "signalbox", args...)
	w.process.Stderr = nil
	out, err := w.process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	errs, err := w.process.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := w.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kill(w.process); w.over.Wait() })
	attached := make(chan struct{})
	w.over.Go(func() { w.readErrors(errs, attached) })
	w.over.Go(func() { w.read(out) })
	<-attached
	return w
}

// readErrors keeps what is said besides, and tells when it is attached, or has ended before.
func (w *watch) readErrors(from io.Reader, attached chan struct{}) {
	lines := bufio.NewReader(from)
	tell := sync.OnceFunc(func() { close(attached) })
	defer tell()
	for {
		line, err := lines.ReadString('\n')
		if w.errs.WriteString(line); strings.HasPrefix(line, "attached ") {
			tell()
		}
		if err != nil {
			return
		}
	}
}

// read takes the lines.
func (w *watch) read(from io.Reader) {
	lines := bufio.NewReaderSize(from, 1<<20)
	last := map[string]*seen{}
	for name := range flooded {
		last[name] = &seen{}
	}
	for {
		w.paused.Lock()
		line, err := lines.ReadSlice('\n')
		w.paused.Unlock()
		if err != nil {
			return
		}
		w.lines++
		_, rest, _ := bytes.Cut(line, []byte(`"station":"`))
		name, rest, _ := bytes.Cut(rest, []byte{'"'})
		before, n := last[string(name)], numberOf(rest)
		if before == nil || n == 0 {
			if w.strange == nil {
				w.strange = bytes.Clone(line)
			}
			continue
		}
		w.compare(string(name), before, n, line)
	}
}

// seen is what came last of a station.
type seen struct {
	n    uint64
	line []byte
}

// came is when the program took it in.
func (s *seen) came() time.Time {
	var event struct{ Time time.Time }
	_ = json.Unmarshal(s.line, &event)
	return event.Time
}

func (w *watch) compare(name string, last *seen, n uint64, line []byte) {
	switch {
	case n <= last.n:
		if w.repeated++; len(w.again) < 10 {
			w.again = append(w.again, fmt.Sprintf("%s: %d after %d:\n%s%s", name, n, last.n, last.line, line))
		}
		return
	case n > last.n+1 && last.n > 0:
		w.holes[name] = append(w.holes[name], hole{run{last.n + 1, n - 1}, last.came(), sentAt(line)})
	}
	last.n, last.line = n, append(last.line[:0], line...)
	w.newest[name].Store(n)
}

// end ends it as a terminal does, and returns its account: none where it was ended by force before it gave one.
func (w *watch) end() (sum sources.Ledger, stations map[string]sources.Ledger) {
	w.t.Helper()
	if err := w.process.Process.Signal(syscall.SIGTERM); err != nil {
		w.t.Fatal(err)
	}
	w.over.Wait()
	ended := w.process.Wait()
	var account struct {
		sources.Ledger
		Stations map[string]sources.Ledger `json:"stations"`
	}
	for line := range strings.Lines(w.errs.String()) {
		if strings.HasPrefix(line, "{") {
			if err := json.Unmarshal([]byte(line), &account); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	var exit *exec.ExitError
	switch {
	case ended == nil:
	case errors.As(ended, &exit) && exit.ExitCode() == 1: // a forced end, of a process that got no time to close what was open
		w.forced = true
		w.t.Logf("tail was too slow to end in order: %v", ended)
	default:
		w.t.Fatalf("tail: %v: %s", ended, &w.errs)
	}
	return account.Ledger, account.Stations
}

// loss is what a watch missed.
type loss struct {
	ofKept, ofTold, dropped, repeated, unsaid uint64
	gaps, forced                              uint64
}

func (l *loss) add(m loss) {
	l.ofKept, l.ofTold, l.dropped = l.ofKept+m.ofKept, l.ofTold+m.ofTold, l.dropped+m.dropped
	l.repeated, l.unsaid, l.gaps, l.forced = l.repeated+m.repeated, l.unsaid+m.unsaid, l.gaps+m.gaps, l.forced+m.forced
}

// way is how long a message may be on its way from one process to the other.
const way = 3 * time.Second

// judge ends a watch and holds what it printed against what was sent and its own account: to the last line where nothing comes any more.
func (w *watch) judge(sent *flooding, quiet bool) (l loss) {
	w.t.Helper()
	sum, stations := w.end()
	l.repeated, l.gaps, l.dropped = w.repeated, sum.GapCount, sum.Dropped
	if w.forced {
		l.forced = 1
	}
	if w.repeated > 0 {
		w.t.Errorf("came again:\n%s", strings.Join(w.again, "\n"))
	}
	if w.strange != nil {
		w.t.Errorf("a line that nobody sent: %.300q", w.strange)
	}
	if quiet && sum.Received-sum.Dropped != w.lines || sum.Received != sum.Held+sum.Evicted+sum.Dropped ||
		sum.Decoded != sum.Folded+sum.Rejected+sum.Failed+sum.Unfolded {
		w.t.Errorf("%d lines were printed; the account: %+v", w.lines, sum)
	}
	for name, holes := range w.holes {
		account, given := stations[name]
		missing, unsaid := uint64(0), uint64(0)
		for _, h := range holes {
			lost := h.to - h.from + 1
			lost -= sent.unsent(name, h.run)
			missing += lost
			if given && !covered(account.Gaps, h) {
				unsaid += lost
				if unsaid > account.Dropped {
					w.t.Errorf("%s: %d messages between %s and %s did not come, and no gap says so: %s", name, lost,
						h.after.Format(stamp), h.until.Format(stamp), spans(account.Gaps))
				}
			}
		}
		if flooded[name] {
			l.ofKept += missing
		} else {
			l.ofTold += missing
		}
		l.unsaid += unsaid - min(unsaid, account.Dropped)
	}
	return l
}

const stamp = "15:04:05.000"

// covered tells whether gaps say of all of a hole that it may have been missed.
func covered(gaps []sources.Gap, h hole) bool {
	at := h.after.Add(way)
	for _, g := range gaps { // in order of time
		if !g.Since.After(at) && g.Until.After(at) {
			at = g.Until
		}
	}
	return !at.Before(h.until.Add(-way))
}

func spans(gaps []sources.Gap) string {
	var b strings.Builder
	for _, g := range gaps {
		fmt.Fprintf(&b, "\n  %s to %s: %s", g.Since.Format(stamp), g.Until.Format(stamp), g.Why)
	}
	return b.String()
}
