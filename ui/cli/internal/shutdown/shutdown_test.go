package shutdown

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// What hangs while it is closed keeps nothing else from being closed, and is waited for.
func TestOneThatHangsHoldsUpNothingElse(t *testing.T) {
	closed, let := make(chan struct{}), make(chan struct{})
	ended := make(chan error)
	go func() {
		ended <- closeAll([]func() error{
			func() error { close(closed); return errors.New("put it back by hand") },
			func() error { <-let; return nil },
		})
	}()
	<-closed
	select {
	case err := <-ended:
		t.Errorf("it ended with %v: it did not wait for the other", err)
	default:
	}
	close(let)
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "by hand") {
		t.Errorf("it says %v", err)
	}
}

// The end that was asked for last counts when it is earlier, and none comes after an end in good order.
func TestTheEarlierEndCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(io.Discard, Codes{})
		g.Within(time.Hour)
		late := g.end
		g.Within(2 * time.Hour)
		if g.end != late {
			t.Error("more time was given")
		}
		g.Begin()
		if !g.end.Before(late) {
			t.Error("the earlier end does not count")
		}
		g.Done()
		if g.timer.Stop() {
			t.Error("it still runs")
		}
		if g.begins() {
			t.Error("what has ended in good order is ended again")
		}
	})
}

// What was given a time for, and is done before it, forces nothing; what was asked for before counts again.
func TestWhatIsDoneInTimeForcesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(io.Discard, Codes{})
		done := g.Within(time.Hour)
		done()
		if !g.end.IsZero() || g.timer.Stop() {
			t.Error("the end is still forced")
		}
		g.Begin()
		first := g.end
		earlier := g.Within(time.Millisecond * 10)
		earlier()
		if g.end != first || !g.timer.Stop() {
			t.Errorf("the end is at %v, want %v", g.end, first)
		}
		later := g.Within(time.Hour)
		later()
		if g.end != first {
			t.Error("a later end counts")
		}
	})
}
