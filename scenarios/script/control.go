package script

import (
	"context"
	"sync"
	"time"
)

// Control holds the speed of something that plays, and stops and starts it. Every method may be called from any
// goroutine; what plays passes its gate before each step and waits by it.
type Control struct {
	mu      sync.Mutex
	speed   float64
	paused  bool
	attends bool          // there is somebody who can let it go on
	granted bool          // one step may be taken although paused
	changed chan struct{} // closed, and replaced, when any of the above changes
}

// The speeds that SetSpeed allows.
const (
	SlowestSpeed = 1.0 / 64
	FastestSpeed = 1024
)

// NewControl makes a Control that runs at a speed: 2 waits half as long. 0 is 1.
func NewControl(speed float64) *Control {
	c := &Control{speed: 1, changed: make(chan struct{})}
	c.SetSpeed(speed)
	return c
}

// Pause stops before the next step, and in the midst of a wait.
func (c *Control) Pause() { c.change(func() { c.paused, c.granted = true, false }) }

// Resume goes on.
func (c *Control) Resume() { c.change(func() { c.paused, c.granted = false, false }) }

// Step takes the next step, or lets the present one end, and pauses after it.
func (c *Control) Step() { c.change(func() { c.paused, c.granted = true, true }) }

// Attend says that there is somebody who can let it go on: from now on a pause that is written in a script waits for them.
func (c *Control) Attend() { c.change(func() { c.attends = true }) }

// hold pauses and waits until somebody lets it go on, and tells whether there is anybody. Who takes single steps has stopped it
// after this one anyway, and need not press a key twice.
func (c *Control) hold(ctx context.Context) (attends bool, err error) {
	c.mu.Lock()
	attends, stepping := c.attends, c.paused
	c.mu.Unlock()
	if !attends || stepping {
		return attends, ctx.Err()
	}
	c.Pause()
	return true, c.gate(ctx)
}

// SetSpeed changes the speed, of a wait in progress too. Anything not above 0 is taken as 1.
func (c *Control) SetSpeed(speed float64) {
	if !(speed > 0) {
		speed = 1
	}
	c.change(func() { c.speed = min(max(speed, SlowestSpeed), FastestSpeed) })
}

// Speed is the speed set last.
func (c *Control) Speed() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.speed
}

// Paused tells whether it is paused.
func (c *Control) Paused() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.paused
}

func (c *Control) change(what func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	what()
	close(c.changed)
	c.changed = make(chan struct{})
}

// gate waits until the next step may be taken.
func (c *Control) gate(ctx context.Context) error {
	_, _, err := c.open(ctx)
	return err
}

// open waits until it is not paused, and tells the speed and what ends when anything changes.
func (c *Control) open(ctx context.Context) (speed float64, changed <-chan struct{}, err error) {
	for {
		c.mu.Lock()
		open, speed, changed := !c.paused || c.granted, c.speed, c.changed
		c.mu.Unlock()
		if open {
			return speed, changed, ctx.Err()
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return 0, nil, ctx.Err()
		}
	}
}

// took uses up the leave that Step gave.
func (c *Control) took() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.granted = false
}

// Wait waits for d at the speed, which may change meanwhile; a time of being paused does not count.
func (c *Control) Wait(ctx context.Context, d time.Duration) error {
	for d > 0 {
		speed, changed, err := c.open(ctx)
		if err != nil {
			return err
		}
		began, timer := time.Now(), time.NewTimer(time.Duration(float64(d)/speed))
		select {
		case <-timer.C:
			return ctx.Err()
		case <-changed:
			d -= time.Duration(float64(time.Since(began)) * speed)
		case <-ctx.Done():
		}
		timer.Stop()
	}
	return ctx.Err()
}
