package redisbus

import (
	"context"
	"errors"
	"time"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
)

// baselineTime is how long opening waits for the first look at all keys when there is nothing else to tell what is new by.
const baselineTime = 2 * time.Second

// keysFeed is keys being watched. Its goroutine takes notifications from a feed of channels, or looks at all keys again
// and again, and reads what the keys hold.
type keysFeed struct {
	outlet
	glob string

	// What follows belongs to the goroutine.
	inner    *channelFeed      // brings notifications; nil while keys are polled
	covered  map[string]bool   // servers that they come from
	seen     map[string]uint64 // what keys held at the newest look; nil when notifications have made it needless
	looked   time.Time         // when that look ended
	reviewed time.Time         // when the server was last known to tell
	based    bool              // the first look is over
	due      bool              // a look is due before notifications are relied on
	denied   bool              // the server does not let us set or listen
	caughtUp bool
	failing  bool // the newest look did not come to its end
}

// openKeys starts to watch keys. What is there already is read once, where from wants it.
func (b *Bus) openKeys(ctx context.Context, station bus.Station, from bus.From) (bus.Feed, error) {
	f := &keysFeed{outlet: newOutlet(b, station.Name), glob: rawName(station)}
	first := new(round)
	err := f.settle(ctx)
	if err == nil {
		err = f.baseline(ctx, first, from)
	}
	if err == nil && !f.start(func(life context.Context) { f.run(life, first, from) }) {
		err = fault.ErrClosed
	}
	if err != nil {
		f.deafen()
		return nil, fault.Explain(err)
	}
	return f, nil
}

// baseline finds out whether keys may be read at all and, while they are polled, which there are.
func (f *keysFeed) baseline(ctx context.Context, r *round, from bus.From) error {
	if f.inner != nil && from.Start == bus.FromNew {
		f.based = true
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, baselineTime)
	defer cancel()
	if err := r.step(ctx, f); err != nil {
		return err
	}
	if f.inner != nil || from.Start != bus.FromNew {
		return nil
	}
	err := f.scan(ctx, r)
	if err == nil {
		err = f.compare(ctx, r, len(r.names))
	}
	f.based = err == nil
	if errors.Is(err, context.DeadlineExceeded) { // the goroutine goes on with it
		return nil
	}
	return err
}

// run is the feed's goroutine.
func (f *keysFeed) run(ctx context.Context, r *round, from bus.From) {
	defer f.deafen()
	for !f.begin(ctx, r, from) {
		*r = round{}
		if !pause(ctx, waitRefused) {
			return
		}
	}
	for ctx.Err() == nil {
		if f.inner != nil && !f.due {
			f.listen(ctx)
		} else if pause(ctx, f.bus.pace.poll) {
			f.poll(ctx)
		}
	}
}

// begin delivers what was there when the feed was opened.
func (f *keysFeed) begin(ctx context.Context, r *round, from bus.From) bool {
	if !f.based {
		err := f.scan(ctx, r)
		if err == nil {
			err = f.compare(ctx, r, r.chosen(from))
		}
		if err != nil {
			f.fail(ctx, err)
			return false
		}
	}
	f.looked, f.based, f.due, f.caughtUp = time.Now(), true, false, true
	f.filling().CaughtUp = true
	return f.flush(ctx)
}

// poll looks at all keys once. It turns to notifications as soon as the server sends them, which one more look
// follows, for what was written before.
func (f *keysFeed) poll(ctx context.Context) {
	if err := f.settle(ctx); err != nil {
		f.fail(ctx, err)
		return
	}
	r := new(round)
	err := f.scan(ctx, r)
	if err == nil {
		first := 0
		if f.seen == nil { // what there is now is what changes are told from
			first = len(r.names)
		}
		err = f.compare(ctx, r, first)
	}
	if err != nil {
		f.fail(ctx, err)
		return
	}
	f.looked, f.due = time.Now(), false
	if f.failing {
		f.failing, f.trouble = false, ""
	}
}

// fail says what keeps the feed from looking. It will try again.
func (f *keysFeed) fail(ctx context.Context, err error) {
	f.failing = true
	if ctx.Err() == nil && f.bus.Info().Link == bus.Live {
		f.tell("watching "+f.glob, fault.Explain(err))
	}
}

// add appends a key's value to what is delivered next.
func (f *keysFeed) add(key string, v value) {
	if m, ok := v.message(key, time.Now().UnixNano()); ok {
		f.filling().Add(&m)
	}
}
