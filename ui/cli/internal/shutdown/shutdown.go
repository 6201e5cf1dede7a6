// Package shutdown ends the program when an orderly end hangs, on a pipe that is full or a broker that does not answer, and
// when a goroutine panics. There is one Guard in a program. Its methods may be called from any goroutine, and none of them
// waits but Panicked and Quit, which wait a few seconds at most.
package shutdown

import (
	"errors"
	"io"
	"os"
	"slices"
	"sync"
	"time"

	"signalbox/bus/goroutine"
	"signalbox/ui/cli/internal/terminal"
)

// How long an end may take. Tests, which may run on slow machines, give it more.
var (
	Patience = 5 * time.Second  // after a signal or a key
	Closing  = 15 * time.Second // when a command ends by itself
)

// How long a forced end waits: for what has to be closed, and for a terminal to take what is told.
const (
	closingTime = 4 * time.Second
	tellingTime = 2 * time.Second
)

// Guard ends the process when it cannot end in good order. It first closes what OnExit was given, because a bus may have
// something to put back, and puts the terminal back.
type Guard struct {
	codes Codes
	err   io.Writer // where it tells

	before terminal.Settings // of the streams

	mu       sync.Mutex
	timer    *time.Timer // runs out at end
	end      time.Time
	off      bool
	ending   bool // the process is about to be ended
	closers  []func() error
	terminal *terminal.Terminal // that is drawn on, or nil
}

// Codes are the exit codes of ends that are not in good order.
type Codes struct{ Forced, Panic int }

// New is for a program that tells people what goes wrong on err. Those of its streams that are terminals are put back as they
// are now: a library that asks a terminal for its colours sets it for as long as it waits.
func New(err io.Writer, codes Codes, streams ...any) *Guard {
	return &Guard{codes: codes, err: err, before: terminal.Note(streams...)}
}

// Begin says that the program is to end: it has Patience left.
func (g *Guard) Begin() { _ = g.Within(Patience) }

// Within says that the program is to end in so much time, or less if it was given less before, unless what it is given the
// time for is done before.
func (g *Guard) Within(most time.Duration) (done func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	before, end := g.end, time.Now().Add(most)
	if g.off || !before.IsZero() && !end.Before(before) {
		return func() {}
	}
	g.endAt(end)
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		if !g.off && g.end.Equal(end) {
			g.endAt(before)
		}
	}
}

// endAt has the program end by force then; zero is never. g is locked.
func (g *Guard) endAt(end time.Time) {
	if g.timer != nil {
		g.timer.Stop()
	}
	if g.end = end; !end.IsZero() {
		g.timer = goroutine.After(time.Until(end), "the forced end", func() { g.forceBy(end) })
	}
}

// OnExit has something closed on an end that is not in good order. It may be closed twice, and from any goroutine.
func (g *Guard) OnExit(closer func() error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closers = append(g.closers, closer)
}

// Draws says which terminal is about to be drawn on, and so has to be put back. It does not return when the process is being
// ended already.
func (g *Guard) Draws(t *terminal.Terminal) {
	g.mu.Lock()
	g.terminal = t
	ending := g.ending
	g.mu.Unlock()
	if ending {
		select {}
	}
}

// Done says that the program has ended in good order: nothing is forced any more. It does not return when the process is
// being ended for another reason.
func (g *Guard) Done() {
	g.mu.Lock()
	ended := !g.ending && !goroutine.Panicked()
	if ended {
		g.off = true
		if g.timer != nil {
			g.timer.Stop()
		}
	}
	g.mu.Unlock()
	if !ended {
		select {}
	}
}

// begins reports whether the caller is the one that ends the process.
func (g *Guard) begins() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	first := !g.ending && !g.off
	g.ending = true
	return first
}

// forceBy ends the process, unless its end is another one by now.
func (g *Guard) forceBy(end time.Time) {
	g.mu.Lock()
	stale := !g.end.Equal(end)
	g.mu.Unlock()
	if !stale && g.begins() {
		_ = g.putBack()
		g.exit(g.codes.Forced)
	}
}

// exit ends the process. Who was about to draw may have set the terminal since it was put back, or be about to.
func (g *Guard) exit(code int) {
	g.before.RestoreLast()
	os.Exit(code)
}

// putBack restores the terminal as far as that is possible, and closes everything. Its error is about what could not be
// put back.
func (g *Guard) putBack() error {
	g.mu.Lock()
	closers, drawn := slices.Clone(g.closers), g.terminal
	g.mu.Unlock()
	if drawn != nil {
		drawn.Restore()
	}
	g.before.Restore()
	return closeAll(closers)
}

// closeAll closes everything, all at the same time because one may hang.
func closeAll(closers []func() error) error {
	var all goroutine.Group
	errs := make(chan error, len(closers)+1)
	for _, closer := range closers {
		all.Go("what puts things back", func() { errs <- closer() })
	}
	if !within(closingTime, all.Wait) {
		errs <- errors.New("a broker did not answer in time: what was set there may not be put back")
	}
	var said []error
	for len(errs) > 0 {
		said = append(said, <-errs)
	}
	return errors.Join(said...)
}

// within waits for work to end, for so long at most, and reports whether it has.
func within(most time.Duration, work func()) bool {
	done := make(chan struct{})
	goroutine.Go("what is waited for at the end", func() {
		defer close(done)
		work()
	})
	select {
	case <-done:
		return true
	case <-time.After(most):
		return false
	}
}
