package cli

import (
	"testing"
	"time"
)

// What hangs while it is closed keeps nothing else from being closed, and what is over is waited for no longer.
func TestSettle(t *testing.T) {
	l := newLastResort(nil, 1)
	closed, let := make(chan struct{}), make(chan struct{})
	l.mind(func() error { close(closed); return nil })
	l.mind(func() error { <-let; return nil })
	settled := make(chan struct{})
	go func() { l.settle(); close(settled) }()
	wait := func(what string, on <-chan struct{}) {
		t.Helper()
		select {
		case <-on:
		case <-time.After(settling):
			t.Fatalf("%s took more than %s", what, settling)
		}
	}
	wait("closing the one", closed)
	select {
	case <-settled:
		t.Error("it did not wait for the other")
	default:
	}
	close(let)
	wait("settling", settled)
}

// The end that was asked for last counts when it is earlier, and none comes after an end in good order.
func TestLastResortTakesTheEarlierEnd(t *testing.T) {
	l := newLastResort(nil, 1)
	l.within(time.Hour)
	late := l.end
	l.within(2 * time.Hour)
	if l.end != late {
		t.Error("more time was given")
	}
	l.begin()
	if !l.end.Before(late) {
		t.Error("the earlier end does not count")
	}
	l.callOff()
	if l.timer.Stop() {
		t.Error("it still runs")
	}
}
