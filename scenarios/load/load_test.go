package load

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"signalbox/bus"
	"signalbox/bus/bustest/leaks"
)

func TestMain(m *testing.M) { leaks.Main(m) }

// stepping is a clock that goes on only when somebody waits for it, and then at once.
type stepping struct {
	mu  sync.Mutex
	now time.Time
}

func newStepping() *stepping { return &stepping{now: time.Unix(1_000, 0)} }

func (c *stepping) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *stepping) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func (c *stepping) At(t time.Time) (<-chan time.Time, func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
	come := make(chan time.Time, 1)
	come <- t
	return come, func() bool { return false }
}

// Each iteration begins when its time has come, and all of them do.
func TestARateIsHeld(t *testing.T) {
	clock := newStepping()
	meter := NewMeter(clock)
	began := clock.Now()
	plan := Plan{Rate: 5000, For: 2 * time.Second, Most: 10_000}
	var told []Figures
	err := plan.Run(t.Context(), clock, meter, Work{
		Prepare: func(n int) func(time.Duration) {
			if at, want := clock.Now().Sub(began), time.Duration(n)*200*time.Microsecond; at != want {
				t.Fatalf("iteration %d began after %s, want %s", n, at, want)
			}
			return func(late time.Duration) {
				if late != 0 {
					t.Errorf("iteration %d is late by %s", n, late)
				}
			}
		},
		Told: func(f Figures) { told = append(told, f) },
	})
	f := meter.Figures()
	if err != nil || f.Iterations != 10_000 || f.Planned != 10_000 {
		t.Fatalf("%v, %+v", err, f)
	}
	if len(told) != 1 || told[0].Iterations != 5000 {
		t.Errorf("told %d times: %+v", len(told), told)
	}
}

// What cannot begin within a second of its time is dropped and counted.
func TestWhatCannotBeginIsDropped(t *testing.T) {
	clock := newStepping()
	meter := NewMeter(clock)
	plan := Plan{Rate: 10, For: 5 * time.Second, Most: 2}
	release := make(chan struct{})
	asked := 0
	err := plan.Run(t.Context(), clock, meter, Work{
		Prepare: func(int) func(time.Duration) { return func(time.Duration) { <-release } },
		Gate: func(context.Context) error {
			if asked++; asked == 50 {
				close(release)
			}
			return nil
		},
	})
	if f := meter.Figures(); err != nil || f.Iterations < 2 || f.Iterations > 3 || f.Iterations+f.Dropped != 50 || f.Held() {
		t.Errorf("%v, %+v", err, f)
	}
}

// What had to wait for a free place knows how late it is.
func TestWhatWaitsIsLate(t *testing.T) {
	clock := &waiting{stepping: newStepping(), release: make(chan struct{})}
	meter := NewMeter(clock)
	plan := Plan{Rate: 10, For: 200 * time.Millisecond, Most: 1}
	lates := make(chan time.Duration, 2)
	err := plan.Run(t.Context(), clock, meter, Work{Prepare: func(n int) func(time.Duration) {
		return func(late time.Duration) {
			if lates <- late; n == 0 {
				<-clock.release
			}
		}
	}})
	if first, second := <-lates, <-lates; err != nil || first != 0 || second != 300*time.Millisecond {
		t.Errorf("%v, late by %s and %s", err, first, second)
	}
}

// waiting is a clock by which, once somebody waits longer than for the next iteration, 300 ms pass and what is at work ends.
type waiting struct {
	*stepping
	release chan struct{}
}

func (c *waiting) At(t time.Time) (<-chan time.Time, func() bool) {
	if t.Sub(c.Now()) < patience {
		return c.stepping.At(t)
	}
	c.pass(300 * time.Millisecond)
	close(c.release)
	return nil, func() bool { return true }
}

// A plan ends with its context, and waits for what it began.
func TestAPlanEndsWithItsContext(t *testing.T) {
	clock := newStepping()
	ctx, cancel := context.WithCancel(t.Context())
	ended := false
	plan := Plan{Rate: 100, For: time.Hour, Most: 1}
	err := plan.Run(ctx, clock, NewMeter(clock), Work{Prepare: func(int) func(time.Duration) {
		return func(time.Duration) { cancel(); <-ctx.Done(); ended = true }
	}})
	if !errors.Is(err, context.Canceled) || !ended {
		t.Errorf("%v, ended %t", err, ended)
	}
}

// A plan of which nothing can be sent is given up.
func TestWhatIsHopelessIsGivenUp(t *testing.T) {
	clock := newStepping()
	meter := NewMeter(clock)
	plan := Plan{Rate: 1000, For: time.Minute, Most: 1_000}
	err := plan.Run(t.Context(), clock, meter, Work{Prepare: func(int) func(time.Duration) {
		meter.Fail("refused")
		return func(time.Duration) {}
	}})
	f := meter.Figures()
	if err != nil || !f.GivenUp || f.Failed < mostHopeless || len(f.Judge(nil)) == 0 {
		t.Errorf("%v, %+v", err, f)
	}
}

// A pause of the plan makes what follows begin later; nothing is late or dropped for it.
func TestAPauseDropsNothing(t *testing.T) {
	clock := newStepping()
	meter := NewMeter(clock)
	plan := Plan{Rate: 10, For: 10 * time.Second, Most: 200}
	asked := 0
	err := plan.Run(t.Context(), clock, meter, Work{
		Gate: func(context.Context) error {
			if asked++; asked == 50 {
				clock.pass(time.Minute)
			}
			return nil
		},
		Prepare: func(int) func(time.Duration) {
			return func(late time.Duration) {
				if late != 0 {
					t.Errorf("late by %s", late)
				}
			}
		},
	})
	if f := meter.Figures(); err != nil || f.Iterations != 100 || f.Dropped != 0 {
		t.Errorf("%v, %+v", err, f)
	}
}

// How long it takes until a message is published counts from the time at which its iteration was due.
func TestPublishedCountsFromTheTimeDue(t *testing.T) {
	clock := newStepping()
	m := NewMeter(clock)
	x := m.Sending([]byte("1"), 40*time.Millisecond)
	clock.pass(10 * time.Millisecond)
	x.Sent(bus.Receipt{Receivers: 1})
	if f := m.Figures(); f.Published.Count != 1 || f.Published.Max.Round(time.Millisecond) != 50*time.Millisecond {
		t.Errorf("%+v", f.Published)
	}
}

// What is seen is told by where it stands, whether it or its receipt comes first; else by what is in it.
func TestEndToEnd(t *testing.T) {
	at := func(n uint64) bus.Position { return bus.Position{Major: n} }
	stored := func(n uint64) bus.Receipt { return bus.Receipt{Station: "s", Position: at(n), Receivers: -1} }
	for name, c := range map[string]struct {
		play         func(clock *stepping, m *Meter)
		count        int64
		longest      time.Duration
		lost, untold int64
	}{
		"the receipt first": {func(clock *stepping, m *Meter) {
			m.Sending(nil, 0).Sent(stored(1))
			clock.pass(3 * time.Second)
			m.Saw("s", at(1), nil)
		}, 1, 3 * time.Second, 0, 0},
		"the message first": {func(clock *stepping, m *Meter) {
			x := m.Sending(nil, time.Hour) // how late it was sent is not in it
			clock.pass(2 * time.Second)
			m.Saw("s", at(1), nil)
			clock.pass(time.Second)
			x.Sent(stored(1))
		}, 1, 2 * time.Second, 0, 0},
		"others' messages": {func(_ *stepping, m *Meter) {
			x := m.Sending([]byte("x"), 0)
			m.Saw("other", at(1), []byte("x"))
			m.Saw("s", at(7), []byte("x"))
			m.Saw("s", bus.Position{}, []byte("y"))
			x.Sent(stored(1))
		}, 0, 0, 1, 0},
		"by what is in it": {func(clock *stepping, m *Meter) {
			x, y := m.Sending([]byte("x"), 0), m.Sending([]byte("y"), 0)
			clock.pass(time.Second)
			m.Saw("s", bus.Position{}, []byte("x"))
			x.Sent(bus.Receipt{Receivers: 1})
			y.Sent(bus.Receipt{Receivers: 1})
			clock.pass(time.Second)
			m.Saw("s", bus.Position{}, []byte("y"))
			m.Saw("s", bus.Position{}, []byte("y"))
		}, 2, 2 * time.Second, 0, 0},
		"alike": {func(_ *stepping, m *Meter) {
			x, y := m.Sending([]byte("x"), 0), m.Sending([]byte("x"), 0)
			x.Sent(bus.Receipt{Receivers: 1})
			y.Sent(bus.Receipt{Receivers: 1})
			m.Saw("s", bus.Position{}, []byte("x"))
			m.Saw("s", bus.Position{}, []byte("x"))
		}, 0, 0, 0, 2},
		"alike, where it is known where they stand": {func(clock *stepping, m *Meter) {
			m.Sending([]byte("x"), 0).Sent(stored(1))
			m.Sending([]byte("x"), 0).Sent(stored(2))
			m.Saw("s", at(1), []byte("x"))
			clock.pass(time.Second)
			m.Saw("s", at(2), []byte("x"))
		}, 2, time.Second, 0, 0},
		"refused": {func(_ *stepping, m *Meter) { m.Sending(nil, 0).Refused() }, 0, 0, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			clock := newStepping()
			m := NewMeter(clock)
			c.play(clock, m)
			all := m.Settled()
			if c.lost == 0 {
				<-all
			}
			m.Conclude()
			f := m.Figures()
			if f.EndToEnd.Count != c.count || f.EndToEnd.Max.Round(100*time.Millisecond) != c.longest || f.Lost != c.lost || f.Untold != c.untold {
				t.Errorf("%+v", f)
			}
		})
	}
}

// Others' messages that are seen are not kept without a bound.
func TestWhatOthersSendIsBounded(t *testing.T) {
	m := NewMeter(newStepping())
	for n := range uint64(3 * mostEarly) {
		m.Saw("s", bus.Position{Major: n + 1}, nil)
	}
	if n := len(m.early[0]) + len(m.early[1]); n > 2*mostEarly {
		t.Errorf("%d are kept", n)
	}
}

func TestFiguresInWords(t *testing.T) {
	f := Figures{
		Asked: 5000, For: 30 * time.Second, Planned: 150_000, Iterations: 149_990, Dropped: 10, Failed: 2, Reason: "no", Rate: 4999.67, Sent: 149_988,
		Published: Latencies{149_988, 812 * time.Microsecond, 12_345 * time.Microsecond, 2 * time.Second}, Lost: 3,
	}
	want := []string{
		"reached 5,000 of 5,000/s for 30s: 149,988 sent in 149,990 iterations, 2 failed, 10 dropped",
		"published   p50 812µs, p99 12.3ms, max 2s",
		"end to end  cannot be told; 3 did not come back",
		"the first that failed: no",
	}
	if got := f.Lines(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%q", got)
	}
}
