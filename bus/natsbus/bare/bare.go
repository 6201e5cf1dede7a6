// Package bare is nats.go as it is, used in the plainest way: what benchmarks compare signalbox with, and how they send
// as fast as the client can. Only tests import it. Every function connects by itself and blocks until it is done or its
// context, which must have a deadline, ends.
package bare

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Count subscribes to a subject, calls ready once that holds, and returns when so many messages have come.
func Count(ctx context.Context, url, subject string, messages int, ready func()) error {
	conn, err := nats.Connect(url)
	if err != nil {
		return fmt.Errorf("connect to count messages: %w", err)
	}
	defer conn.Close()
	count := counter(messages)
	sub, err := conn.Subscribe(subject, func(*nats.Msg) { count.one() })
	if err == nil {
		err = sub.SetPendingLimits(-1, -1)
	}
	if err == nil {
		err = conn.FlushWithContext(ctx)
	}
	if err != nil {
		return fmt.Errorf("subscribe to %s: %w", subject, err)
	}
	ready()
	return count.wait(ctx)
}

// Read reads so many messages of a stream, from its first, by an ordered consumer.
func Read(ctx context.Context, url, stream string, messages int) error {
	conn, js, err := connect(url)
	if err != nil {
		return err
	}
	defer conn.Close()
	consumer, err := js.OrderedConsumer(ctx, stream, jetstream.OrderedConsumerConfig{})
	if err != nil {
		return fmt.Errorf("read %s: %w", stream, err)
	}
	count := counter(messages)
	reading, err := consumer.Consume(func(jetstream.Msg) { count.one() })
	if err != nil {
		return fmt.Errorf("read %s: %w", stream, err)
	}
	defer reading.Stop()
	return count.wait(ctx)
}

// Publish publishes payloads on a subject.
func Publish(ctx context.Context, url, subject string, payloads [][]byte) error {
	conn, err := nats.Connect(url)
	if err != nil {
		return fmt.Errorf("connect to publish: %w", err)
	}
	defer conn.Close()
	for _, data := range payloads {
		if err := conn.Publish(subject, data); err != nil {
			return fmt.Errorf("publish on %s: %w", subject, err)
		}
	}
	return conn.FlushWithContext(ctx)
}

// stall is how long the server may keep a sender waiting whose messages it has not confirmed: 200 ms by default, which a
// busy machine takes.
const stall = 30 * time.Second

// Store makes a stream of a subject with its name, and stores payloads in it.
func Store(ctx context.Context, url, stream string, payloads [][]byte) error {
	conn, js, err := connect(url)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{Name: stream, Subjects: []string{stream}}); err != nil {
		return fmt.Errorf("make the stream %s: %w", stream, err)
	}
	for _, data := range payloads {
		if _, err := js.PublishAsync(stream, data, jetstream.WithStallWait(stall)); err != nil {
			return fmt.Errorf("store in %s: %w", stream, err)
		}
	}
	select {
	case <-js.PublishAsyncComplete():
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func connect(url string) (*nats.Conn, jetstream.JetStream, error) {
	conn, err := nats.Connect(url)
	if err != nil {
		return nil, nil, fmt.Errorf("connect to JetStream: %w", err)
	}
	js, err := jetstream.New(conn, jetstream.WithPublishAsyncMaxPending(4096))
	if err != nil {
		conn.Close()
		return nil, nil, fmt.Errorf("connect to JetStream: %w", err)
	}
	return conn, js, nil
}

// count counts messages, on the client's goroutine, down to none.
type count struct {
	left int
	done chan struct{}
}

func counter(messages int) *count { return &count{left: messages, done: make(chan struct{})} }

func (c *count) one() {
	if c.left--; c.left == 0 {
		close(c.done)
	}
}

func (c *count) wait(ctx context.Context) error {
	select {
	case <-c.done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("count messages: %w", ctx.Err())
	}
}
