package natsbus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/bus/natsbus/internal/core"
	"signalbox/bus/natsbus/internal/jsapi"
)

// Work pulls messages of a durable consumer, one at a time, so that what is not handled yet shows as lag.
func (b *Bus) Work(ctx context.Context, job bus.Job, handle func(ctx context.Context, m bus.Message, delivery int) bus.Verdict) error {
	consumer, made, err := b.worker(ctx, job)
	if made && job.Temporary {
		defer b.retire(ctx, job)
	}
	if err != nil {
		return fmt.Errorf("work as %s on %s: %w", job.Consumer, job.Station, jsapi.Error(err))
	}
	messages, err := consumer.Messages(jetstream.PullMaxMessages(1))
	if err != nil {
		return fmt.Errorf("work as %s on %s: %w", job.Consumer, job.Station, jsapi.Error(err))
	}
	defer messages.Stop()
	defer goroutine.AfterFunc(ctx, "what ends a worker", messages.Stop)()
	for {
		m, err := messages.Next()
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, jetstream.ErrNoHeartbeat): // an outage: the iterator asks again by itself
			continue
		case err != nil:
			return fmt.Errorf("work as %s on %s: %w", job.Consumer, job.Station, jsapi.Error(err))
		}
		if err := answer(ctx, m, handle); err != nil {
			b.notices.Add(bus.Warn, job.Station, "%s could not answer for a message of %s: %v; it will be delivered again", job.Consumer, job.Station, err)
		}
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
func answer(ctx context.Context, m jetstream.Msg, handle func(context.Context, bus.Message, int) bus.Verdict) error {
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
