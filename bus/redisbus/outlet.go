package redisbus

import (
	"context"
	"io"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
)

// outlet is the end of a feed from which its reader takes batches. One goroutine of the feed's own fills it, and waits
// while the reader does not take what there is.
type outlet struct {
	bus     *Bus
	name    string // of the station
	batches chan *bus.Batch
	stop    context.CancelFunc
	ended   chan struct{} // closed when the goroutine has returned

	// What follows belongs to the goroutine.
	batch   *bus.Batch // to be filled
	trouble string     // what the user was told of last
}

func newOutlet(b *Bus, name string) outlet {
	return outlet{bus: b, name: name, batches: make(chan *bus.Batch, 1), ended: make(chan struct{})}
}

// start runs the feed's goroutine until Close. It reports false when the bus is closed already.
func (o *outlet) start(run func(context.Context)) bool {
	var life context.Context
	life, o.stop = context.WithCancel(o.bus.ctx)
	running := o.bus.spawn(func() {
		defer close(o.ended)
		defer o.stop()
		run(life)
	})
	if !running {
		o.stop()
	}
	return running
}

// Next implements bus.Feed.
func (o *outlet) Next(ctx context.Context) (*bus.Batch, error) {
	select {
	case <-o.ended:
		return nil, io.EOF
	default:
	}
	select {
	case batch := <-o.batches:
		return batch, nil
	case <-o.ended:
		return nil, io.EOF
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Close implements bus.Feed.
func (o *outlet) Close() error {
	o.stop()
	<-o.ended
	return nil
}

// filling is the batch to fill.
func (o *outlet) filling() *bus.Batch {
	if o.batch == nil {
		o.batch = bus.NewBatch(bus.FullBatch)
	}
	return o.batch
}

// mostMessages bounds the messages of a batch.
const mostMessages = 1024

// full tells whether the batch is to be handed over before more is read.
func (o *outlet) full() bool {
	return o.batch.Len() >= mostMessages || o.batch.End() >= bus.FullBatch-bus.FullBatch/8
}

// gap puts a gap before what is read next.
func (o *outlet) gap(g bus.Gap) {
	b := o.filling()
	b.Gaps = append(b.Gaps, g)
}

// flush hands the batch to the reader and waits until it has room. It reports false when ctx ended first.
func (o *outlet) flush(ctx context.Context) bool {
	b := o.batch
	if b == nil || b.Len() == 0 && len(b.Gaps) == 0 && !b.CaughtUp && b.Dropped == 0 {
		return true
	}
	o.batch = nil
	select {
	case o.batches <- b:
		return true
	case <-ctx.Done():
		return false
	}
}

// tell warns the user, once for each trouble.
func (o *outlet) tell(what string, err error) {
	if err != nil {
		what += ": " + fault.Words(err)
	}
	if what != o.trouble {
		o.trouble = what
		o.bus.say(bus.Warn, o.name, "%s", what)
	}
}
