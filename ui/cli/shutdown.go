package cli

import (
	"io"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/charmbracelet/x/term"

	"signalbox/ui/output"
)

// How long an end may take: patience is for what was asked for by a signal or a key, closing for what a command does by
// itself, settling for what must be closed on any other way out, and farewell for the last words to a terminal.
const (
	patience = 4 * time.Second
	closing  = 15 * time.Second
	settling = 4 * time.Second
	farewell = 200 * time.Millisecond
)

// restoreScreen leaves the alternate screen, shows the cursor and gives the mouse back.
const restoreScreen = "\x1b[?1049l\x1b[?25h\x1b[?1002l\x1b[?1006l\x1b[?2004l\x1b[m"

// lastResort ends the process when an orderly end hangs: on a terminal that nobody reads, a pipe that is full, or a
// broker that does not answer. It closes what it minds first, because a bus may have something to put back.
type lastResort struct {
	mu     sync.Mutex
	timer  *time.Timer // runs out at end
	end    time.Time
	off    bool
	minds  []func() error
	code   int         // the exit code of a forced end
	out    *os.File    // the terminal, or nil
	before *term.State // of out
}

// newLastResort is for a program that writes to out; a forced end has the exit code.
func newLastResort(out io.Writer, code int) *lastResort {
	l := &lastResort{code: code}
	if !output.IsTerminal(out) {
		return l
	}
	file := out.(*os.File)
	if state, err := term.GetState(file.Fd()); err == nil {
		l.out, l.before = file, state
	}
	return l
}

// begin gives the rest of the program patience to end.
func (l *lastResort) begin() { l.within(patience) }

// within gives the rest of the program so long to end, or less if it was given less before.
func (l *lastResort) within(most time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	end := time.Now().Add(most)
	switch {
	case l.off:
	case l.timer == nil:
		l.end, l.timer = end, time.AfterFunc(most, l.exit)
	case end.Before(l.end):
		l.end = end
		l.timer.Reset(most)
	}
}

// mind has something closed on every way out. It may be closed twice, and from any goroutine.
func (l *lastResort) mind(closer func() error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.minds = append(l.minds, closer)
}

// callOff is for an end that came in good order.
func (l *lastResort) callOff() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.off = true
	if l.timer != nil {
		l.timer.Stop()
	}
}

// afterPanic is deferred: it closes everything before a panic of its goroutine ends the program.
func (l *lastResort) afterPanic() {
	if r := recover(); r != nil {
		l.settle()
		panic(r)
	}
}

// settle closes everything, all at the same time because one may hang.
func (l *lastResort) settle() {
	l.mu.Lock()
	minds := slices.Clone(l.minds)
	l.mu.Unlock()
	var all sync.WaitGroup
	for _, closer := range minds {
		all.Go(func() { _ = closer() }) // there is nobody left to tell
	}
	within(settling, all.Wait)
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

// exit puts the terminal back as far as it lets itself be, settles, and ends the process.
func (l *lastResort) exit() {
	if l.out != nil {
		_ = term.Restore(l.out.Fd(), l.before)
		within(farewell, func() { _, _ = l.out.WriteString(restoreScreen) })
	}
	l.settle()
	os.Exit(l.code)
}
