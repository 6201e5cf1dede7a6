package natsbus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/hands"
	"signalbox/bus/natsbus/internal/core"
	"signalbox/bus/natsbus/internal/jsapi"
)

// How long a pull waits at the server, and how long a worker pauses that nobody answered.
const (
	pullTime  = 5 * time.Second
	workPause = 250 * time.Millisecond
)

// Work pulls messages of a durable consumer, each once there is somebody to handle it, so that what is not handled yet shows as
// lag. On a subject that no stream keeps it listens.
func (b *Bus) Work(ctx context.Context, job bus.Job, handle bus.Handler) error {
	station, err := b.stations.Resolve(ctx, job.Station)
	if err == nil && (job.Unkept || station.Kind == bus.Subject) {
		err = b.listen(ctx, job, handle)
	} else if err == nil {
		err = b.pull(ctx, job, handle)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("work as %s on %s: %w", job.Consumer, job.Station, jsapi.Error(err))
}

// pull is Work on a stream.
func (b *Bus) pull(ctx context.Context, job bus.Job, handle bus.Handler) error {
	consumer, made, err := b.worker(ctx, job)
	defer func() {
		if made && job.Temporary {
			b.retire(ctx, job)
		}
	}()
	at := hands.New(job.AtOnce)
	defer at.Wait()
	for err == nil {
		if err = at.Take(ctx); err != nil {
			return err
		}
		var m jetstream.Msg
		if m, err = next(ctx, consumer, job.Gate); m != nil {
			at.Do(func() {
				if err := answer(ctx, m, handle); err != nil {
					b.notices.Add(bus.Warn, job.Station, "%s could not answer for a message of %s: %v; it will be delivered again", job.Consumer, job.Station, err)
				}
			})
			continue
		}
		at.Free()
		if errors.Is(err, nats.ErrNoResponders) || errors.Is(err, jetstream.ErrConsumerDeleted) { // nobody leads it now, or it is gone
			wait(ctx, workPause)
			var anew bool
			consumer, anew, err = b.worker(ctx, job)
			made = made || anew
		}
	}
	return err
}

// next pulls one message; nil when none came, or none is to be fetched now.
func next(ctx context.Context, consumer jetstream.Consumer, gate *bus.Gate) (jetstream.Msg, error) {
	open, leave := gate.Pass(ctx)
	defer leave()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	gate.Begin()
	patient, cancel := context.WithTimeout(open, pullTime)
	defer cancel()
	m, err := consumer.Next(jetstream.FetchContext(patient))
	switch {
	case err == nil:
		return m, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, nats.ErrTimeout), errors.Is(err, jetstream.ErrNoHeartbeat), errors.Is(err, jetstream.ErrNoMessages), patient.Err() != nil:
		return nil, nil // the next pull is on its way; in an outage it goes out once there is a server again
	}
	return nil, err
}

// wait waits, unless ctx ends.
func wait(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// worker is the durable consumer of a job, as it is when it exists, and whether it had to be made.
func (b *Bus) worker(ctx context.Context, job bus.Job) (consumer jetstream.Consumer, made bool, err error) {
	consumer, err = b.js.JetStream.Consumer(ctx, job.Station, job.Consumer)
	if !errors.Is(err, jetstream.ErrConsumerNotFound) {
		return consumer, false, err
	}
	config := jetstream.ConsumerConfig{Durable: job.Consumer, AckPolicy: jetstream.AckExplicitPolicy, AckWait: job.AckWait, MaxDeliver: job.MaxDeliver}
	if config.MaxDeliver == 0 {
		config.MaxDeliver = -1
	}
	consumer, err = b.js.JetStream.CreateOrUpdateConsumer(ctx, job.Station, config)
	return consumer, err == nil, err
}

// retireTimeout bounds the removal of a temporary consumer.
const retireTimeout = 2 * time.Second

// retire removes the consumer of a job that has ended.
func (b *Bus) retire(ctx context.Context, job bus.Job) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), retireTimeout)
	defer cancel()
	if err := b.js.JetStream.DeleteConsumer(ctx, job.Station, job.Consumer); err != nil {
		b.notices.Add(bus.Warn, job.Station, "the temporary consumer %s could not be removed: %v", job.Consumer, jsapi.Error(err))
	}
}

// answer has a message handled and tells the server the verdict.
func answer(ctx context.Context, m jetstream.Msg, handle bus.Handler) error {
	meta, err := m.Metadata()
	if err != nil {
		return err
	}
	verdict := handle(ctx, bus.Message{
		Subject: m.Subject(), Headers: core.Headers(m.Headers()), Data: m.Data(), Position: bus.Position{Major: meta.Sequence.Stream},
		UnixNano: meta.Timestamp.UnixNano(), Size: len(m.Data()),
	}, int(meta.NumDelivered))
	switch verdict {
	case bus.Ack:
		return m.Ack()
	case bus.Nak:
		return m.Nak()
	case bus.Term:
		return m.Term()
	default:
		return nil
	}
}
