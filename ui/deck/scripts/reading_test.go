package scripts

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"signalbox/scenarios/script"
)

func newRun(speed float64) *Run { return &Run{control: script.NewControl(speed), news: newNews()} }

// A line waits as long as its length needs, within bounds, and the speed counts.
func TestALineWaitsToBeRead(t *testing.T) {
	for _, c := range []struct {
		letters int
		speed   float64
		waits   time.Duration
	}{{1, 1, 1500 * time.Millisecond}, {45, 1, 3 * time.Second}, {45, 2, 1500 * time.Millisecond}, {600, 1, 10 * time.Second}, {600, 4, 2500 * time.Millisecond}} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			if err := newRun(c.speed).Hear(t.Context(), strings.Repeat("ä", c.letters)); err != nil {
				t.Error(err)
			}
			if took := time.Since(began).Round(time.Millisecond); took != c.waits {
				t.Errorf("%d letters at speed %g wait %v, want %v", c.letters, c.speed, took, c.waits)
			}
		})
	}
}

// A key ends the wait, a pause holds it, and the end of the run is an error.
func TestALineIsReadByAKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRun(1)
		over := make(chan error, 1)
		began := time.Now()
		go func() { over <- r.Hear(t.Context(), strings.Repeat("x", 600)) }()
		synctest.Wait()
		r.take(r.news.next())
		if r.line == "" || r.read == nil {
			t.Fatal("nothing is told of the line")
		}
		r.readOn()
		if err := <-over; err != nil || time.Since(began) > time.Second {
			t.Errorf("it was read after %v, %v", time.Since(began), err)
		}
		r.take(r.news.next())
		if r.read != nil || r.line == "" {
			t.Error("the line waits still, or is not shown any more")
		}
	})
	synctest.Test(t, func(t *testing.T) {
		r := newRun(1)
		ctx, cancel := context.WithCancel(t.Context())
		over := make(chan error, 1)
		go func() { over <- r.Hear(ctx, "a line") }()
		synctest.Wait()
		r.control.Pause()
		time.Sleep(time.Minute)
		select {
		case err := <-over:
			t.Fatal("a pause does not hold the line", err)
		default:
		}
		cancel()
		if err := <-over; err == nil {
			t.Error("that the run ended is no error")
		}
	})
}

// However much a script tells, the deck takes it a piece at a time, and only so much is kept of what was sent.
func TestNewsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRun(1)
		for i := range 10_000 {
			r.See(script.Sent{After: uint64(i)})
			r.news.progress(script.Progress{Index: 1, Took: time.Duration(i)})
		}
		r.take(r.news.next())
		if len(r.sent) != mostSent || r.dropped != 10_000-mostSent || r.sent[mostSent-1].After != 9999 {
			t.Errorf("%d are kept, %d were dropped, the last is %d", len(r.sent), r.dropped, r.sent[len(r.sent)-1].After)
		}
		if len(r.steps) != 2 || r.steps[1].Took != 9999 {
			t.Errorf("steps: %+v", r.steps)
		}
		began := time.Now()
		r.See(script.Sent{})
		if r.news.next(); time.Since(began) < between {
			t.Error("news are taken as fast as they come")
		}
	})
}
