package terminal

import (
	"bytes"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
)

// link is a terminal that takes a while for each write.
type link struct {
	each time.Duration

	mu    sync.Mutex
	taken bytes.Buffer
}

func (l *link) Write(p []byte) (int, error) {
	time.Sleep(l.each)
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.taken.Write(p)
}

func (l *link) Read([]byte) (int, error) { return 0, io.EOF }

func (l *link) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.taken.String()
}

func (l *link) Fd() uintptr { return 0 }

// A terminal that is slow is waited for until it has taken what puts it back; one that takes nothing is given up.
func TestSlowIsNotHung(t *testing.T) {
	frame := []byte(strings.Repeat("x", 3*piece))
	for _, x := range []struct {
		name  string
		each  time.Duration
		leave func(*Terminal)
		takes time.Duration
		want  string // at the end of what it took
	}{
		{"slow, in good order", 700 * time.Millisecond, (*Terminal).Left, 2100 * time.Millisecond, "x"},
		{"slow, out of order", 700 * time.Millisecond, (*Terminal).Restore, 1400 * time.Millisecond, reset},
		{"hung, in good order", time.Hour, (*Terminal).Left, stalled, ""},
		{"hung, out of order", time.Hour, (*Terminal).Restore, stalled, ""},
		{"as slow as can be", stalled - time.Millisecond, func(t *Terminal) { _, _ = t.Write(frame); t.Left() }, longest, "x"},
	} {
		t.Run(x.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &link{each: x.each}
				terminal := open(l)
				if _, err := terminal.Write(frame); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				began := time.Now()
				x.leave(terminal)
				if took := time.Since(began); took != x.takes {
					t.Errorf("it took %s, want %s", took, x.takes)
				}
				if have := l.String(); !strings.HasSuffix(have, x.want) || x.want == "" && have != "" {
					t.Errorf("the terminal took %q, want %q at the end", have, x.want)
				}
				time.Sleep(3 * time.Hour) // until its goroutine has ended
			})
		})
	}
}

// A terminal that became larger shows all of a frame that is drawn anew, though a frame for the smaller one came last.
func TestDrawnAnewAfterScrolling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &link{}
		terminal := open(l)
		const lines = "1\r\n2\r\n3\r\n4\r\n5"
		for _, frame := range []string{ansi.SetTopBottomMargins(1, 3), ansi.CursorHomePosition + ansi.EraseEntireScreen + lines} {
			if _, err := terminal.Write([]byte(frame)); err != nil {
				t.Fatal(err)
			}
		}
		terminal.Left()
		screen := vt.NewEmulator(8, 5)
		if _, err := screen.WriteString(l.String()); err != nil {
			t.Fatal(err)
		}
		if have, want := screen.String(), strings.ReplaceAll(lines, "\r", ""); have != want {
			t.Errorf("it shows %q, want %q", have, want)
		}
	})
}
