// Package shutdown ends the program when an orderly end hangs: on a terminal that nobody reads, a pipe that is full, or a
// broker that does not answer. There is one Guard in a program. Its methods may be called from any goroutine, and none
// of them waits but AfterPanic, which waits a few seconds at most.
package shutdown

import (
	"io"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/charmbracelet/x/term"

	"signalbox/ui/output"
)

// How long an end may take.
const (
	Patience = 4 * time.Second  // after a signal or a key
	Closing  = 15 * time.Second // when a command ends by itself
)

// How long a forced end waits: for what has to be closed, and for a terminal to take what puts it back.
const (
	closingTime  = 4 * time.Second
	terminalTime = 200 * time.Millisecond
)

// restoreScreen leaves the alternate screen, shows the cursor and gives the mouse back.
const restoreScreen = "\x1b[?1049l\x1b[?25h\x1b[?1002l\x1b[?1006l\x1b[?2004l\x1b[m"

// Guard ends the process when an orderly end takes too long. It first closes what OnExit was given, because a bus may have
// something to put back.
type Guard struct {
	mu      sync.Mutex
	timer   *time.Timer // runs out at end
	end     time.Time
	off     bool
	closers []func() error
	code    int         // the exit code of a forced end
	out     *os.File    // the terminal, or nil
	before  *term.State // of out
}

// New is for a program that writes to out; a forced end has the exit code.
func New(out io.Writer, code int) *Guard {
	g := &Guard{code: code}
	if !output.IsTerminal(out) {
		return g
	}
	file := out.(*os.File)
	if state, err := term.GetState(file.Fd()); err == nil {
		g.out, g.before = file, state
	}
	return g
}

// Begin says that the program is to end: it has Patience left.
func (g *Guard) Begin() { g.Within(Patience) }

// Within says that the program is to end in so much time, or less if it was given less before.
func (g *Guard) Within(most time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	end := time.Now().Add(most)
	switch {
	case g.off:
	case g.timer == nil:
		g.end, g.timer = end, time.AfterFunc(most, g.exit)
	case end.Before(g.end):
		g.end = end
		g.timer.Reset(most)
	}
}

// OnExit has something closed on a forced end and after a panic. It may be closed twice, and from any goroutine.
func (g *Guard) OnExit(closer func() error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closers = append(g.closers, closer)
}

// Done says that the program has ended in good order: nothing is forced any more.
func (g *Guard) Done() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.off = true
	if g.timer != nil {
		g.timer.Stop()
	}
}

// AfterPanic is deferred: it closes everything before a panic of its goroutine ends the program.
func (g *Guard) AfterPanic() {
	if r := recover(); r != nil {
		g.closeAll()
		panic(r)
	}
}

// closeAll closes everything, all at the same time because one may hang.
func (g *Guard) closeAll() {
	g.mu.Lock()
	closers := slices.Clone(g.closers)
	g.mu.Unlock()
	var all sync.WaitGroup
	for _, closer := range closers {
		all.Go(func() { _ = closer() }) // there is nobody left to tell
	}
	within(closingTime, all.Wait)
}

// within waits for work to end, for so long at most.
func within(most time.Duration, work func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		work()
	}()
	select {
	case <-done:
	case <-time.After(most):
	}
}

// exit puts the terminal back as far as that is possible, closes everything, and ends the process.
func (g *Guard) exit() {
	if g.out != nil {
		_ = term.Restore(g.out.Fd(), g.before)
		within(terminalTime, func() { _, _ = g.out.WriteString(restoreScreen) })
	}
	g.closeAll()
	os.Exit(g.code)
}
