package bench

import (
	"context"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// terminal is the program at work in a terminal of its own, and what is on its screen.
type terminal struct {
	master *os.File
	drawn  chan struct{} // capacity 1: something has been drawn

	mu     sync.Mutex
	screen *vt.Emulator
	bytes  int
}

func newTerminal(t testing.TB, width, height int, args ...string) *terminal {
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	if err := pty.Setsize(master, &pty.Winsize{Cols: uint16(width), Rows: uint16(height)}); err != nil {
		t.Fatal(err)
	}
	x := &terminal{master: master, drawn: make(chan struct{}, 1), screen: vt.NewEmulator(width, height)}
	program := child(t, "signalbox", args...)
	program.Env = append(program.Env, "TERM=xterm-256color", "SIGNALBOX_BUS=", "NO_COLOR=")
	program.Stdin, program.Stdout, program.Stderr = tty, tty, tty
	program.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	go x.read()
	go func() { _, _ = io.Copy(master, x.screen) }()
	t.Cleanup(func() {
		_ = program.Process.Kill()
		_ = program.Wait()
		_ = x.screen.InputPipe().(io.Closer).Close()
		_ = tty.Close()
		_ = master.Close()
	})
	return x
}

// read draws what the program writes.
func (x *terminal) read() {
	buf := make([]byte, 64<<10)
	for {
		n, err := x.master.Read(buf)
		if err != nil {
			return
		}
		x.mu.Lock()
		_, _ = x.screen.Write(buf[:n])
		x.bytes += n
		x.mu.Unlock()
		select {
		case x.drawn <- struct{}{}:
		default:
		}
	}
}

func (x *terminal) shows(text string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return strings.Contains(x.screen.String(), text)
}

func (x *terminal) written() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.bytes
}

// await waits until a text is on the screen, or no longer.
func (x *terminal) await(t testing.TB, text string, there bool) {
	t.Helper()
	late := time.After(deadline)
	for x.shows(text) != there {
		select {
		case <-x.drawn:
		case <-late:
			t.Fatalf("waited for %q, %t:\n%s", text, there, x.screen)
		}
	}
}

// press types a key and returns how long it takes until the screen answers.
func (x *terminal) press(t testing.TB, key, text string, there bool) time.Duration {
	t.Helper()
	began := time.Now()
	if _, err := x.master.WriteString(key); err != nil {
		t.Fatal(err)
	}
	x.await(t, text, there)
	return time.Since(began)
}

// BenchmarkKey is from a key to the frame that answers it, through a pseudo-terminal and a terminal's emulator, while
// another process floods a core subject without a pause.
func BenchmarkKey(b *testing.B) {
	const keys, help = 100, "╭ help"
	for _, size := range []struct {
		name          string
		width, height int
	}{{"200x60", 200, 60}, {"80x24", 80, 24}} {
		b.Run(size.name, func(b *testing.B) {
			url := newNATS(b).url
			stop := flood(b, url)
			x := newTerminal(b, size.width, size.height, url, name)
			x.await(b, "PICKUP_PRODUCTS", true)
			var took []time.Duration
			wrote, began := x.written(), time.Now()
			for range b.N {
				for range keys {
					took = append(took, x.press(b, "?", help, true))
					x.press(b, "\x1b", help, false)
				}
			}
			b.ReportMetric(float64(x.written()-wrote)/1000/time.Since(began).Seconds(), "kB/s-to-terminal")
			stop()
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-p50")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "ms-p99")
		})
	}
}

// flood publishes without a pause until stop is called.
func flood(t testing.TB, url string) (stop func()) {
	sends := newSender(t, "nats-publish", url, 100_000)
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() {
		defer close(over)
		for ctx.Err() == nil {
			sends.begin(name)
			sends.answer()
		}
	}()
	return func() { cancel(); <-over }
}

// BenchmarkStart is from the start of the program, on its own broker, to the first frame of the deck.
func BenchmarkStart(b *testing.B) {
	var took time.Duration
	for range b.N {
		began := time.Now()
		x := newTerminal(b, 120, 36)
		x.await(b, "Stations", true)
		took += time.Since(began)
	}
	b.ReportMetric(took.Seconds()*1000/float64(b.N), "ms")
}
