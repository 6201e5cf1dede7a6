package shutdown

import (
	"testing"
	"time"
)

// What hangs while it is closed keeps nothing else from being closed, and what is over is waited for no longer.
func TestOneThatHangsHoldsUpNothingElse(t *testing.T) {
	g := New(nil, 1)
	closed, let := make(chan struct{}), make(chan struct{})
	g.OnExit(func() error { close(closed); return nil })
	g.OnExit(func() error { <-let; return nil })
	ended := make(chan struct{})
	go func() { g.closeAll(); close(ended) }()
	wait := func(what string, on <-chan struct{}) {
		t.Helper()
		select {
		case <-on:
		case <-time.After(closingTime):
			t.Fatalf("%s took more than %s", what, closingTime)
		}
	}
	wait("closing the one", closed)
	select {
	case <-ended:
		t.Error("it did not wait for the other")
	default:
	}
	close(let)
	wait("closing the rest", ended)
}

// The end that was asked for last counts when it is earlier, and none comes after an end in good order.
func TestTheEarlierEndCounts(t *testing.T) {
	g := New(nil, 1)
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
}
