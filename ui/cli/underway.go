package cli

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/ui/screen"
)

// Bounds of what is under way: messages, and bytes of which a message takes a place for each so many.
const (
	mostUnderway  = 1024
	bytesOfAPlace = 16 << 10
)

// lateAnswers is for how long answers are awaited once no more is sent.
const lateAnswers = time.Second

// underway are messages that were sent to a bus which has not said yet what became of them. One goroutine sends them; they keep its
// order, as far as the bus lets them travel behind one another. What the bus refused, and what it said nothing of, is counted.
type underway struct {
	bus    bus.Bus
	places chan struct{} // has one for each place that is taken
	work   goroutine.Group
	life   context.Context // of what is sent: longer than that of the command, so that answers still come
	end    context.CancelFunc

	mu     sync.Mutex // guards what follows
	came   fates
	failed error // the first
}

// fates are how many messages came to what.
type fates struct {
	taken   uint64 // the bus has them, or somebody received them
	lost    uint64 // of those taken: nothing keeps them, and nobody received them
	refused uint64
	untold  uint64 // the bus did not say
}

func newUnderway(ctx context.Context, b bus.Bus) *underway {
	u := &underway{bus: b, places: make(chan struct{}, mostUnderway)}
	u.life, u.end = context.WithCancel(context.WithoutCancel(ctx))
	return u
}

// send sends a message, and returns once another can go behind it. After a failure it sends no more, and returns that.
func (u *underway) send(ctx context.Context, out bus.Outgoing) error {
	places := min(1+len(out.Data)/bytesOfAPlace, mostUnderway)
	for range places {
		select {
		case u.places <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if err := u.failure(); err != nil {
		return err
	}
	next := make(chan struct{}, 2)
	out.Many, out.Gone = true, func() { next <- struct{}{} }
	u.work.Go("a message that is sent again", func() {
		u.note(&out, places)
		next <- struct{}{}
	})
	select {
	case <-next:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// note waits for what the bus says of a message.
func (u *underway) note(out *bus.Outgoing, places int) {
	receipt, err := bus.Publish(u.life, u.bus, *out)
	u.mu.Lock()
	defer u.mu.Unlock()
	for range places {
		<-u.places
	}
	switch {
	case err == nil:
		u.came.taken++
		if receipt.Lost() {
			u.came.lost++
		}
		return
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), errors.Is(err, bus.ErrUnreachable), u.bus.Info().Link != bus.Live:
		u.came.untold++
	default:
		u.came.refused++
	}
	if u.failed == nil && u.life.Err() == nil {
		u.failed = busError{fmt.Errorf("sending to %s: %w", out.Station, err)}
	}
}

func (u *underway) failure() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.failed
}

// conclude waits for what the bus has not said yet, but where all was to end early only for a moment; it tells the first failure.
func (u *underway) conclude(early bool) (fates, error) {
	if early {
		defer goroutine.After(lateAnswers, "what ends the wait for answers", u.end).Stop()
	}
	u.work.Wait()
	u.end()
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.came, u.failed
}

// left says what did not come as it should.
func (f *fates) left() (text string) {
	if f.lost > 0 {
		text += fmt.Sprintf("; %s lost: nothing keeps what nobody receives", screen.Plural(f.lost, "message"))
	}
	if f.refused > 0 {
		text += fmt.Sprintf("; %s refused", screen.Plural(f.refused, "message"))
	}
	if f.untold > 0 {
		text += fmt.Sprintf("; of %s more it is not known whether the bus has them", screen.Plural(f.untold, "message"))
	}
	return text
}
