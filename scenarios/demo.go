package scenarios

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"

	"signalbox/bus"
	"signalbox/scenarios/nearest"
)

// The demo begins in a hurry, so that there is something to see on the first screen: the first nine seconds of it pass
// in three tenths of one.
const (
	hurry     = 30
	hurryTime = 300 * time.Millisecond
)

// giveUp is how many messages of the demo in a row may fail to be sent before it ends.
const giveUp = 20

// Demo makes the stations of domains (all of the library's when none is named), plays every stand-in that does not run
// already and sends their traffic, until ctx ends: then it returns nil, once all it started has ended. It returns an
// error when the bus lacks what that takes or goes on refusing what is sent.
func (l *Library) Demo(ctx context.Context, b bus.Bus, domains ...string) error {
	return l.demo(ctx, b, rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())), domains)
}

// demo is Demo with its chances.
func (l *Library) demo(outer context.Context, b bus.Bus, random *rand.Rand, domains []string) error {
	ctx, end := context.WithCancelCause(outer)
	defer end(nil)
	chosen, err := l.chosen(domains)
	if err != nil {
		return err
	}
	sender, err := newSender(l, b)
	if err != nil {
		return err
	}
	control := NewControl(hurry)
	calm := time.AfterFunc(hurryTime, func() { control.SetSpeed(1) })
	defer calm.Stop()

	company := newCompany(ctx, l, b, control, random)
	company.flaky = true
	defer company.stop()
	if _, err := l.Make(ctx, b, domains...); err != nil {
		return err
	}
	for _, d := range chosen {
		for _, s := range d.standIns {
			if err := company.cast(s, bus.Position{}); err != nil {
				return err
			}
		}
	}
	var tellers sync.WaitGroup
	defer tellers.Wait()
	t := &teller{sender: sender, control: control, end: end}
	for _, d := range chosen {
		for _, s := range d.stories {
			own := newRandom(random)
			tellers.Go(func() { t.tell(ctx, s, own) })
		}
	}
	<-ctx.Done()
	if outer.Err() != nil {
		return nil
	}
	return context.Cause(ctx)
}

// chosen finds domains by name; all when none is named.
func (l *Library) chosen(names []string) ([]*domain, error) {
	if len(names) == 0 {
		return l.domains, nil
	}
	var out []*domain
	for _, name := range names {
		i := slices.IndexFunc(l.domains, func(d *domain) bool { return d.name == name })
		if i < 0 {
			return nil, fmt.Errorf("no domain %q%s", name, nearest.Hint(name, l.Names()))
		}
		out = append(out, l.domains[i])
	}
	return out, nil
}

// teller tells stories.
type teller struct {
	sender  *sender
	control *Control
	end     context.CancelCauseFunc

	mu     sync.Mutex
	failed int // messages in a row that could not be sent
}

// tell begins a story again and again until ctx ends, and waits for those that go on.
func (t *teller) tell(ctx context.Context, s story, random *rand.Rand) {
	var told sync.WaitGroup
	defer told.Wait()
	places := make(chan struct{}, s.atOnce)
	for {
		select {
		case places <- struct{}{}:
		case <-ctx.Done():
			return
		}
		p := &performance{
			sender: t.sender, control: t.control, random: newRandom(random),
			names: map[string]any{"run": ulid.Make().String()},
		}
		told.Go(func() {
			defer func() { <-places }()
			t.heard(ctx, p.run(ctx, s.steps, func(Progress) {}))
		})
		if t.control.wait(ctx, s.every.pick(random)) != nil {
			return
		}
	}
}

// heard counts failures, and ends the demo when there is nothing else.
func (t *teller) heard(ctx context.Context, err error) {
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
