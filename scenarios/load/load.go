// Package load holds a rate: it begins pieces of work, the iterations, when their time comes, however long the others take, and
// measures what comes of the messages that they send.
//
// A Plan is run by one goroutine, which waits for the iterations it began; they are done on goroutines of their own, as many at once
// as the plan allows. A Meter may be used from any goroutine, and does not block. Nothing is lost in silence: an iteration that no
// goroutine was free for is counted as dropped, a message that never came back as lost.
package load

import (
	"context"
	"math"
	"time"

	"signalbox/bus/goroutine"
)

// Bounds of a plan.
const (
	UsualMost = 256
	MaxMost   = 10_000
	MaxRate   = 1_000_000
)

// patience is how long an iteration may wait for a free goroutine after its time has come. How long it waited is in what is
// measured of it.
const patience = time.Second

// Plan is a rate that is held for a time.
type Plan struct {
	Rate float64 // iterations a second
	For  time.Duration
	Most int // at work at the same time
}

// Iterations is how many the plan asks for.
func (p *Plan) Iterations() int { return int(math.Round(p.Rate * p.For.Seconds())) }

// due is how long after the beginning an iteration is to begin; they count from 0.
func (p *Plan) due(n int) time.Duration {
	return time.Duration(math.Round(float64(n) * float64(time.Second) / p.Rate))
}

// Work is what a plan begins.
type Work struct {
	// Prepare makes an iteration, on the goroutine of the plan, in order: they count from 0. What it returns is called on a goroutine of its
	// own, with how late it is.
	Prepare func(n int) func(late time.Duration)

	// Gate waits while the plan is to pause. It is asked before each iteration; nil never waits.
	Gate func(context.Context) error

	// Told is called with the meter's figures each second, on the goroutine of the plan.
	Told func(Figures)
}

// Run begins the iterations of the plan when their time comes, waits for all of them, and tells what kept it from going on.
func (p *Plan) Run(ctx context.Context, clock Clock, meter *Meter, work Work) error {
	ctx, end := context.WithCancel(ctx)
	defer end()
	running := goroutine.Branches{End: end}
	defer running.Wait()
	free := make(chan struct{}, p.Most) // holds one for each that is at work
	began := clock.Now()
	meter.begin(p, began)
	told := time.Duration(0)
	for n := range p.Iterations() {
		if err := p.pause(ctx, clock, &began, work.Gate); err != nil {
			return err
		}
		due := began.Add(p.due(n))
		if err := until(ctx, clock, due); err != nil {
			return err
		}
		if at := p.due(n); work.Told != nil && at-told >= time.Second {
			told = at.Truncate(time.Second)
			work.Told(meter.Figures())
		}
		switch taken, err := p.place(ctx, clock, free, due); {
		case err != nil:
			return err
		case !taken:
			meter.drop()
			continue
		case meter.hopeless():
			<-free
			return nil
		}
		late := max(clock.Now().Sub(due), 0)
		iteration := work.Prepare(n)
		meter.start(clock.Now())
		running.Go("an iteration of a load", func() {
			defer func() { <-free }()
			iteration(late)
		})
	}
	return nil
}

// pause waits while the plan is to pause; what follows begins later by that.
func (p *Plan) pause(ctx context.Context, clock Clock, began *time.Time, gate func(context.Context) error) error {
	if gate == nil {
		return ctx.Err()
	}
	before := clock.Now()
	err := gate(ctx)
	if waited := clock.Now().Sub(before); waited > time.Millisecond {
		*began = began.Add(waited)
	}
	return err
}

// place takes a place at work, and tells whether one became free in time.
func (p *Plan) place(ctx context.Context, clock Clock, free chan struct{}, due time.Time) (bool, error) {
	select {
	case free <- struct{}{}:
		return true, nil
	default:
	}
	if !clock.Now().Before(due.Add(patience)) {
		return false, ctx.Err()
	}
	over, stop := clock.At(due.Add(patience))
	defer stop()
	select {
	case free <- struct{}{}:
		return true, nil
	case <-over:
		return false, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// until waits until a time has come.
func until(ctx context.Context, clock Clock, at time.Time) error {
	if !clock.Now().Before(at) {
		return ctx.Err()
	}
	come, stop := clock.At(at)
	defer stop()
	select {
	case <-come:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
