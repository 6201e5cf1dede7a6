package natsbus

import (
	"context"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
	"signalbox/bus/hands"
	"signalbox/bus/natsbus/internal/core"
)

// mostHeard bounds what waits for a service that listens, in bytes.
const mostHeard = 1 << 20

// listen is Work on a subject that no stream keeps: a member of a queue group of the consumer's name, so that of several only one
// hears a message. While the gate is shut it does not listen.
func (b *Bus) listen(ctx context.Context, job bus.Job, handle bus.Handler) error {
	for ctx.Err() == nil {
		open, leave := job.Gate.Pass(ctx)
		err := b.hear(ctx, open, job, handle)
		leave()
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// hear listens until open ends, and waits until all is handled that was heard.
func (b *Bus) hear(ctx, open context.Context, job bus.Job, handle bus.Handler) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	at := hands.New(job.AtOnce)
	sub, err := b.core.ListenAs(ctx, job.Station, job.Consumer, mostHeard, func(m *nats.Msg) {
		if at.Take(open) == nil {
			at.Do(func() { handle(ctx, core.Message(m), 1) })
		}
	})
	if err != nil {
		return err
	}
	job.Gate.Begin()
	select {
	case <-open.Done():
	case <-b.life.Done():
	}
	err = sub.Stop()
	at.Wait()
	return err
}
