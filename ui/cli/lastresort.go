package cli

import (
	"io"
	"os"
	"sync"
	"time"

	"github.com/charmbracelet/x/term"
)

// patience is how long an orderly end may take once it was asked for, and farewell how long its last words may.
const (
	patience = 4 * time.Second
	farewell = 200 * time.Millisecond
)

// restoreScreen leaves the alternate screen, shows the cursor and gives the mouse back.
const restoreScreen = "\x1b[?1049l\x1b[?25h\x1b[?1002l\x1b[?1006l\x1b[?2004l\x1b[m"

// lastResort ends the process when an orderly end hangs: on a terminal that nobody reads, or a pipe that is full.
type lastResort struct {
	mu     sync.Mutex
	timer  *time.Timer
	off    bool
	out    *os.File    // the terminal, or nil
	before *term.State // of out
}

func newLastResort(out io.Writer) *lastResort {
	l := &lastResort{}
	if !isTerminal(out) {
		return l
	}
	file := out.(*os.File)
	if state, err := term.GetState(file.Fd()); err == nil {
		l.out, l.before = file, state
	}
	return l
}

// begin gives the rest of the program patience to end.
func (l *lastResort) begin() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.timer == nil && !l.off {
		l.timer = time.AfterFunc(patience, l.exit)
	}
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

// exit puts the terminal back as far as it lets itself be, and ends the process.
func (l *lastResort) exit() {
	if l.out != nil {
		_ = term.Restore(l.out.Fd(), l.before)
		written := make(chan struct{})
		go func() {
			_, _ = l.out.WriteString(restoreScreen)
			close(written)
		}()
		select {
		case <-written:
		case <-time.After(farewell):
		}
	}
	os.Exit(exitFailed)
}
