package script

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// waited starts a wait and returns what tells how long it took.
func waited(t *testing.T, c *Control, d time.Duration) <-chan time.Duration {
	t.Helper()
	out := make(chan time.Duration, 1)
	began := time.Now()
	go func() {
		if err := c.Wait(t.Context(), d); err != nil {
			t.Errorf("wait: %v", err)
		}
		out <- time.Since(began)
	}()
	return out
}

func TestWaitGoesWithTheSpeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewControl(2)
		if took := <-waited(t, c, 10*time.Second); took != 5*time.Second {
			t.Errorf("10s at speed 2 took %v, want 5s", took)
		}
		c.SetSpeed(0)
		if c.Speed() != 1 {
			t.Errorf("speed 0 is %v, want 1", c.Speed())
		}
		end := waited(t, c, 10*time.Second)
		time.Sleep(4 * time.Second)
		c.SetSpeed(6)
		if took := <-end; took != 5*time.Second {
			t.Errorf("4s at speed 1 and the rest of 10s at 6 took %v, want 5s", took)
		}
	})
}

func TestPauseDoesNotCountAsWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewControl(1)
		end := waited(t, c, 10*time.Second)
		time.Sleep(4 * time.Second)
		c.Pause()
		time.Sleep(time.Minute)
		c.Resume()
		if took := <-end; took != 70*time.Second {
			t.Errorf("took %v, want 10s and the minute of the pause", took)
		}
	})
}

func TestStepLetsOneThrough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewControl(1)
		c.Pause()
		passed := make(chan int, 3)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			for i := range 3 {
				if err := c.gate(ctx); err != nil {
					ended <- err
					return
				}
				passed <- i
				c.took()
			}
		}()
		synctest.Wait()
		if len(passed) != 0 {
			t.Fatalf("%d passed while paused", len(passed))
		}
		for want := 1; want <= 2; want++ {
			c.Step()
			synctest.Wait()
			if len(passed) != want || !c.Paused() {
				t.Fatalf("after %d steps %d passed, paused %v", want, len(passed), c.Paused())
			}
		}
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("gate ended with %v", err)
		}
	})
}

func TestWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := NewControl(1).Wait(ctx, time.Hour); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}
