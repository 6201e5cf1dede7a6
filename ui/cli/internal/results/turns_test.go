package results

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// What is said at the same time comes whole, in order; what the first says comes at once.
func TestTurns(t *testing.T) {
	var out bytes.Buffer
	x := NewTurns(&out, 3)
	last := func(i int) func() { return func() { fmt.Fprintf(&out, "end %d\n", i) } }
	say := func(i int, text string) {
		if _, err := x.Of(i).Write([]byte(text + "\n")); err != nil {
			t.Error(err)
		}
	}
	say(1, "b1")
	say(0, "a1")
	if out.String() != "a1\n" {
		t.Errorf("at first: %q", out.String())
	}
	say(2, "c1")
	x.End(2, last(2))
	say(0, "a2")
	x.End(0, last(0))
	say(1, "b2")
	x.End(1, last(1))
	if want := "a1\na2\nend 0\nb1\nb2\nend 1\nc1\nend 2\n"; out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
}

// Whoever says much waits for its turn.
func TestATurnIsBounded(t *testing.T) {
	var out bytes.Buffer
	x := NewTurns(&out, 2)
	much := strings.Repeat("x", mostSaid+1)
	if _, err := x.Of(1).Write([]byte(much)); err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() {
		_, err := x.Of(1).Write([]byte("more"))
		done <- err
	}()
	x.End(0, func() {})
	if err := <-done; err != nil || out.String() != much+"more" {
		t.Errorf("%v, %d bytes", err, out.Len())
	}
}

// What cannot be printed is told to all that print later.
func TestTurnsTellWhatCannotBePrinted(t *testing.T) {
	x := NewTurns(closedPipe{}, 2)
	if _, err := x.Of(0).Write([]byte("a")); err == nil {
		t.Error("the first is not told")
	}
	if _, err := x.Of(1).Write([]byte("b")); err == nil {
		t.Error("the second is not told")
	}
}

// closedPipe takes nothing.
type closedPipe struct{}

func (closedPipe) Write([]byte) (int, error) { return 0, errors.New("nobody reads") }
