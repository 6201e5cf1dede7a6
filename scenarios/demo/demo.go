// Package demo plays domains by themselves: their stand-ins, and the stories of their traffic, again and again with other
// chances each time.
//
// Run of a Program blocks until its context ends, or until nothing can be sent any more, and waits for all it started.
package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/scenarios/chance"
	"signalbox/scenarios/script"
	"signalbox/scenarios/standin"
	"signalbox/sources"
)

// The demo begins in a fastStart, so that there is something to see on the first screen: the first nine seconds of it pass
// in three tenths of one.
const (
	fastStart     = 30
	fastStartTime = 300 * time.Millisecond
)

// giveUp is how many messages of the demo in a row may fail to be sent before it ends.
const giveUp = 20

// Program is what a demo plays.
type Program struct {
	Domains  func() sources.Domains      // makes what one stand-in understands events with
	Make     func(context.Context) error // makes the stations
	StandIns []*standin.StandIn
	Stories  []Story
	Random   *rand.Rand
	Playing  *standin.Playing // lists the stand-ins; may be nil
}

// Run plays until outer ends.
func (d *Program) Run(outer context.Context, b bus.Bus) error {
	ctx, end := context.WithCancelCause(outer)
	defer end(nil)
	sender, err := script.NewSender(d.Domains(), b)
	if err != nil {
		return err
	}
	control := script.NewControl(fastStart)
	calm := goroutine.After(fastStartTime, "what calms the demo", func() { control.SetSpeed(1) })
	defer calm.Stop()

	standIns := standin.NewGroup(ctx, d.Domains, b, control, d.Random)
	standIns.Playing = d.Playing
	defer standIns.Stop()
	if err := d.Make(ctx); err != nil {
		return err
	}
	for _, s := range d.StandIns {
		if _, err := standIns.Start(s, bus.Position{}); err != nil {
			return err
		}
	}
	var stories goroutine.Group
	defer stories.Wait()
	t := &player{sender: sender, control: control, end: end}
	for _, s := range d.Stories {
		own := newRandom(d.Random)
		stories.Go("a story of the demo", func() { t.play(ctx, s, own) })
	}
	<-ctx.Done()
	if outer.Err() != nil {
		return nil
	}
	return context.Cause(ctx)
}

// player plays stories.
type player struct {
	sender  *script.Sender
	control *script.Control
	end     context.CancelCauseFunc

	mu     sync.Mutex
	failed int // messages in a row that could not be sent
}

// play begins a story again and again until ctx ends, and waits for those that go on.
func (t *player) play(ctx context.Context, s Story, random *rand.Rand) {
	var runs goroutine.Group
	defer runs.Wait()
	places := make(chan struct{}, s.atOnce)
	for {
		select {
		case places <- struct{}{}:
		case <-ctx.Done():
			return
		}
		p := script.NewRun(t.sender, nil, t.control, chance.Of(random))
		p.Own = true
		runs.Go("a run of a story", func() {
			defer func() { <-places }()
			t.count(ctx, p.Take(ctx, s.steps, func(script.Progress) {}))
		})
		if t.control.Wait(ctx, s.every.Pick(random)) != nil {
			return
		}
	}
}

// count counts failures, and ends the demo when there is nothing else.
func (t *player) count(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if err == nil {
		t.failed = 0
		return
	}
	if t.failed++; t.failed == giveUp {
		t.end(fmt.Errorf("demo: %w", err))
	}
}

// newRandom begins another row of random numbers from one.
func newRandom(from *rand.Rand) *rand.Rand {
	return rand.New(rand.NewPCG(from.Uint64(), from.Uint64()))
}
