package load

import "time"

// Clock is what a plan goes by. It may be used from any goroutine.
type Clock interface {
	Now() time.Time

	// At is a channel that something comes on at a time. stop must be called.
	At(t time.Time) (come <-chan time.Time, stop func() bool)
}

// Wall is the clock of the machine.
type Wall struct{}

// Now is the present time.
func (Wall) Now() time.Time { return time.Now() }

// At is a timer.
func (Wall) At(t time.Time) (come <-chan time.Time, stop func() bool) {
	timer := time.NewTimer(time.Until(t))
	return timer.C, timer.Stop
}
