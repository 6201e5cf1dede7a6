package bench

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/creack/pty"
)

// terminal is the program at work in a pseudo-terminal. What it writes is not drawn, only looked through: an emulator
// would compete for the processor with what is measured.
type terminal struct {
	master  *os.File
	program *exec.Cmd

	mu     sync.Mutex // guards what follows
	wanted []byte     // what somebody waits for
	seen   chan time.Time
	tail   []byte // the end of what was read last: what is wanted may be torn in two
	bytes  int
	frames int
	last   time.Time
}

// frameGap is how long nothing is written between frames at the least.
const frameGap = 5 * time.Millisecond

// newTerminal runs signalbox.
func newTerminal(t testing.TB, width, height int, args ...string) *terminal {
	return newTerminalOf(t, width, height, "signalbox", args...)
}

// newTerminalOf runs this program in a role.
func newTerminalOf(t testing.TB, width, height int, role string, args ...string) *terminal {
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	if err := pty.Setsize(master, &pty.Winsize{Cols: uint16(width), Rows: uint16(height)}); err != nil {
		t.Fatal(err)
	}
	program := child(t, role, args...)
	x := &terminal{master: master, program: program}
	program.Env = append(program.Env, "TERM=xterm-256color", "SIGNALBOX_BUS=", "NO_COLOR=")
	program.Stdin, program.Stdout, program.Stderr = tty, tty, tty
	program.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		x.read()
	}()
	t.Cleanup(func() {
		_ = program.Process.Kill()
		_ = program.Wait()
		_ = tty.Close()
		_ = master.Close()
		<-over
	})
	return x
}

// echo writes what it reads, until there is no more: the least that a program can do to answer a key.
func echo() error {
	if _, err := term.MakeRaw(os.Stdin.Fd()); err != nil {
		return err
	}
	fmt.Print("ready")
	_, err := io.Copy(os.Stdout, os.Stdin)
	return err
}

// read takes what the program writes.
func (x *terminal) read() {
	buf := make([]byte, 64<<10)
	for {
		n, err := x.master.Read(buf)
		if err != nil {
			return
		}
		x.take(buf[:n], time.Now())
	}
}

func (x *terminal) take(part []byte, at time.Time) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.bytes += len(part)
	if at.Sub(x.last) > frameGap {
		x.frames++
	}
	x.last = at
	x.tail = append(x.tail, part...)
	if x.seen != nil && bytes.Contains(x.tail, x.wanted) {
		x.seen <- at
		x.seen = nil
	}
	x.tail = append(x.tail[:0], x.tail[max(0, len(x.tail)-64):]...)
}

// expect says what is waited for from now on; the result is when it was written.
func (x *terminal) expect(text string) <-chan time.Time {
	x.mu.Lock()
	defer x.mu.Unlock()
	seen := make(chan time.Time, 1)
	x.wanted, x.seen, x.tail = []byte(text), seen, x.tail[:0]
	return seen
}

func (x *terminal) await(t testing.TB, text string, seen <-chan time.Time) time.Time {
	t.Helper()
	select {
	case at := <-seen:
		return at
	case <-time.After(deadline):
		t.Fatalf("waited for %q", text)
	}
	return time.Time{}
}

func (x *terminal) written() (bytes, frames int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.bytes, x.frames
}

// press types a key and returns how long it takes until a text is written in answer.
func (x *terminal) press(t testing.TB, key, text string) time.Duration {
	t.Helper()
	seen, began := x.expect(text), time.Now()
	x.send(t, key)
	return x.await(t, text, seen).Sub(began)
}

// send types a key.
func (x *terminal) send(t testing.TB, key string) {
	t.Helper()
	if _, err := x.master.WriteString(key); err != nil {
		t.Fatal(err)
	}
}
