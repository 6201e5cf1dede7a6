// Package terminal is the terminal that a program draws on, which need not take anything: one behind a link that hangs, or
// that somebody stopped with ctrl+s, would hold up whoever writes. Write never waits; what the terminal does not take at
// once is written later, by a goroutine, and Behind says that it is: who draws should draw no more until Caught.
//
// All methods may be called from any goroutine.
package terminal

import (
	"bytes"
	"io"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/charmbracelet/x/ansi"

	"signalbox/bus/goroutine"
)

// Bounds of what waits for the terminal: a screen that is drawn anew, and all that may come. What comes beyond is dropped:
// nothing does while nobody draws on a terminal that is behind.
const (
	behind = 64 << 10
	most   = 16 << 20
)

// slow is how long a terminal may take for a write before it is behind.
const slow = 100 * time.Millisecond

// piece is the most that is written at once: after each the terminal is known to take something.
const piece = 4 << 10

// reset leaves the alternate screen, shows the cursor, and gives back the mouse and what else a program may have asked for.
const reset = ansi.ResetModeSynchronizedOutput + ansi.ResetModeUnicodeCore +
	ansi.ResetModeMouseButtonEvent + ansi.ResetModeMouseAnyEvent + ansi.ResetModeMouseExtSgr + ansi.ResetModeFocusEvent +
	ansi.ResetModeBracketedPaste + ansi.ResetModifyOtherKeys + "\x1b[<u" + // the keyboard of kitty, on the alternate screen
	ansi.ResetModeAltScreenSaveCursor + ansi.SetModeTextCursorEnable + ansi.ResetStyle + "\x1b]2;\a" // no title

// A frame that is drawn anew begins with erase. Where the terminal became larger while a frame was on its way that scrolled, the
// rows that scroll are still those of the smaller one: the new frame would scroll away what it draws, so it frees them.
var (
	erase = []byte(ansi.CursorHomePosition + ansi.EraseEntireScreen)
	anew  = append([]byte(ansi.SetTopBottomMargins(0, 0)), erase...)
)

// Terminal is a terminal. It is a file to who draws on it: it can be told from a pipe, and has a size.
type Terminal struct {
	file file

	mu      sync.Mutex
	changed *sync.Cond // waiting has grown, or shrunk
	waiting []byte     // to be written
	writing time.Time  // when the write that goes on began; zero: none does
	taken   int        // pieces, so far
	drawn   bool       // something was written
	closed  bool       // nothing is taken any more
	err     error      // of writing
	lagged  bool       // Behind has said so
	caught  chan struct{}

	once sync.Once
	gone chan struct{}
}

// file is what a Terminal needs of an *os.File.
type file interface {
	io.ReadWriter
	Fd() uintptr
}

// Open takes a terminal over from now on, and starts the goroutine that writes; it may end with the process only, since
// nothing ends a write to a terminal that takes nothing.
func Open(file *os.File) *Terminal { return open(file) }

func open(file file) *Terminal {
	t := &Terminal{file: file, caught: make(chan struct{}, 1), gone: make(chan struct{})}
	t.changed = sync.NewCond(&t.mu)
	goroutine.Go("what writes to the terminal", t.run)
	return t
}

// run writes what waits, until nothing is taken any more.
func (t *Terminal) run() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for {
		for len(t.waiting) == 0 {
			if t.closed {
				return
			}
			t.changed.Wait()
		}
		some := t.waiting
		t.waiting, t.writing = nil, time.Now()
		t.err = t.write(some)
		t.writing = time.Time{}
		if isGone(t.err) {
			t.goes()
		}
		t.changed.Broadcast()
		if t.lagged && len(t.waiting) == 0 {
			t.lagged = false
			select {
			case t.caught <- struct{}{}:
			default:
			}
		}
	}
}

// write writes a piece at a time, with mu held but while it writes; once the terminal is closed it leaves out the rest.
func (t *Terminal) write(some []byte) error {
	closed := t.closed // what was given when it was closed puts the terminal back
	for next := range slices.Chunk(some, piece) {
		t.mu.Unlock()
		_, err := t.file.Write(next)
		t.mu.Lock()
		t.taken++
		t.changed.Broadcast()
		if err != nil || t.closed != closed {
			return err
		}
	}
	return nil
}

// Write has the bytes written soon. Its error is that of an earlier write.
func (t *Terminal) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err != nil {
		return 0, t.err
	}
	if !t.closed && len(t.waiting)+len(p) <= most {
		t.drawn = true
		t.waiting = append(t.waiting, bytes.ReplaceAll(p, erase, anew)...)
		t.changed.Broadcast()
	}
	return len(p), nil
}

// Read reads as from a file.
func (t *Terminal) Read(p []byte) (int, error) { return t.file.Read(p) }

// Close leaves the file open: it is not who draws that opened it.
func (t *Terminal) Close() error { return nil }

// Fd is the file's.
func (t *Terminal) Fd() uintptr { return t.file.Fd() }

// Behind tells whether the terminal takes less than it is given. Caught will say when that is over.
func (t *Terminal) Behind() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lagged = len(t.waiting) > behind || !t.writing.IsZero() && time.Since(t.writing) > slow
	return t.lagged
}

// Caught receives a value when a terminal that was Behind has taken everything.
func (t *Terminal) Caught() <-chan struct{} { return t.caught }

// How long the terminal is waited for at the end: one that takes nothing for so long is given up, and any after the longest.
const (
	stalled = time.Second
	longest = 3 * time.Second
)

// flush waits until the terminal has taken everything, or is given up.
func (t *Terminal) flush() {
	t.mu.Lock()
	defer t.mu.Unlock()
	const pieces = 10 // of the time: on a busy machine whoever writes has had its turn meanwhile
	over, taken, idle, all := false, t.taken, 0, 0
	var timer *time.Timer
	timer = goroutine.After(stalled/pieces, "what ends the wait for the terminal", func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		all, idle = all+1, idle+1
		if t.taken != taken {
			taken, idle = t.taken, 0
		}
		if over = idle == pieces || all == int(pieces*longest/stalled); over {
			t.changed.Broadcast()
			return
		}
		timer.Reset(stalled / pieces)
	})
	defer timer.Stop()
	for (len(t.waiting) > 0 || !t.writing.IsZero()) && !over {
		t.changed.Wait()
	}
}

// Left says that who drew has put everything back. It waits for the terminal to take that, and drops what it does not.
func (t *Terminal) Left() {
	t.flush()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed, t.drawn, t.waiting = true, false, nil
	t.changed.Broadcast()
}

// Restore leaves the alternate screen and what else was asked of the terminal, as far as it takes that; what is written later
// is dropped. It is for an end out of order: in good order who draws puts back what it changed.
func (t *Terminal) Restore() {
	t.mu.Lock()
	t.closed = true
	t.waiting = nil
	if t.drawn {
		t.waiting = append(t.waiting, reset...)
	}
	t.changed.Broadcast()
	t.mu.Unlock()
	t.flush()
}
