package bare

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// again is how long a sender waits after a failure.
const again = 20 * time.Millisecond

// Keep stores payloads in a stream of the last so many, one for each number from 1 on, without an end: as many at once as
// batch says, which waits. Whatever becomes of the server no number is left out and none comes twice: after a failure it
// looks for the payload that is stored last, and goes on after its number. It returns when ctx ends.
func Keep(ctx context.Context, url, stream string, most int, batch func() int, payload func(n uint64) []byte, number func(payload []byte) uint64) (last uint64) {
	for ctx.Err() == nil {
		keep(ctx, url, stream, most, batch, payload, number)
		pause(ctx)
	}
	conn, js, err := connectOnce(url)
	if err != nil {
		return 0
	}
	defer conn.Close()
	next, err := behind(context.WithoutCancel(ctx), js, stream, most, number)
	if err != nil {
		return 0
	}
	return next - 1
}

// keep is Keep until something fails.
func keep(ctx context.Context, url, stream string, most int, batch func() int, payload func(n uint64) []byte, number func(payload []byte) uint64) {
	gone := make(chan struct{})
	conn, js, err := connectOnce(url, nats.ClosedHandler(func(*nats.Conn) { close(gone) }))
	if err != nil {
		return
	}
	defer conn.Close()
	next, err := behind(ctx, js, stream, most, number)
	for err == nil && ctx.Err() == nil {
		for range batch() {
			if _, err = js.PublishAsync(stream, payload(next)); err != nil {
				return
			}
			next++
		}
		err = complete(gone, js)
	}
}

// complete waits until all is stored that was sent.
func complete(gone <-chan struct{}, js jetstream.JetStream) error {
	select {
	case <-js.PublishAsyncComplete():
		return nil
	case <-gone:
		return errors.New("the server is gone")
	case <-time.After(stall):
		return errors.New("the server confirms nothing")
	}
}

// behind makes sure of the stream and returns the number after the one that is stored last.
func behind(ctx context.Context, js jetstream.JetStream, stream string, most int, number func(payload []byte) uint64) (uint64, error) {
	limits := jetstream.StreamConfig{Name: stream, Subjects: []string{stream}, MaxMsgs: int64(most)}
	s, err := js.CreateOrUpdateStream(ctx, limits)
	if err != nil {
		return 0, err
	}
	last, err := s.GetLastMsgForSubject(ctx, stream)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return 1, nil
	}
	if err != nil {
		return 0, err
	}
	return number(last.Data) + 1, nil
}

// Tell publishes payloads on a subject as Keep stores them. What is sent while there is no server is lost; failed is told of
// the numbers that may not have come to one.
func Tell(ctx context.Context, url, subject string, batch func() int, payload func(n uint64) []byte, failed func(from, to uint64)) {
	next := uint64(1)
	for ; ctx.Err() == nil; pause(ctx) {
		conn, _, err := connectOnce(url)
		for err == nil && ctx.Err() == nil {
			first := next
			for range batch() {
				err = errors.Join(err, conn.Publish(subject, payload(next)))
				next++
			}
			if err == nil {
				err = conn.FlushTimeout(stall)
			}
			if err != nil {
				failed(first, next-1)
			}
		}
		if conn != nil {
			conn.Close()
		}
	}
}

// Consumers are how many consumers a stream has.
func Consumers(ctx context.Context, url, stream string) (int, error) {
	conn, js, err := connectOnce(url)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	s, err := js.Stream(ctx, stream)
	if err != nil {
		return 0, err
	}
	return s.CachedInfo().State.Consumers, nil
}

// connectOnce connects without connecting again: what waits in the client meanwhile would be sent after what is newer.
func connectOnce(url string, options ...nats.Option) (*nats.Conn, jetstream.JetStream, error) {
	conn, err := nats.Connect(url, append(options, nats.NoReconnect(), nats.Timeout(stall))...)
	if err != nil {
		return nil, nil, err
	}
	js, err := jetstream.New(conn)
	if err != nil {
		conn.Close()
		return nil, nil, err
	}
	return conn, js, nil
}

func pause(ctx context.Context) {
	select {
	case <-time.After(again):
	case <-ctx.Done():
	}
}
