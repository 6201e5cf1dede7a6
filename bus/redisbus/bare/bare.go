// Package bare is go-redis as it is, used in the plainest way: what benchmarks compare signalbox with, and how they send
// as fast as the client can. Only tests import it. Every function connects by itself and blocks until it is done.
package bare

import (
	"context"
	"fmt"

	"github.com/redis/go-redis/v9"
)

const perPipeline = 1000

// Count subscribes to a channel, calls ready once that holds, and returns when so many messages have come.
func Count(ctx context.Context, url, channel string, messages int, ready func()) error {
	client, err := connect(url)
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	sub := client.Subscribe(ctx, channel)
	defer func() { _ = sub.Close() }()
	if _, err := sub.Receive(ctx); err != nil {
		return fmt.Errorf("subscribe to %s: %w", channel, err)
	}
	ready()
	for range messages {
		if _, err := sub.ReceiveMessage(ctx); err != nil {
			return fmt.Errorf("count messages of %s: %w", channel, err)
		}
	}
	return nil
}

// Read reads so many entries of a stream, from its first.
func Read(ctx context.Context, url, stream string, entries int) error {
	client, err := connect(url)
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	for last := "0"; entries > 0; {
		got, err := client.XRead(ctx, &redis.XReadArgs{Streams: []string{stream, last}, Count: perPipeline}).Result()
		if err != nil {
			return fmt.Errorf("read %s: %w", stream, err)
		}
		page := got[0].Messages
		entries -= len(page)
		last = page[len(page)-1].ID
	}
	return nil
}

// Publish publishes payloads on a channel.
func Publish(ctx context.Context, url, channel string, payloads [][]byte) error {
	return inPipelines(ctx, url, payloads, func(p redis.Pipeliner, data []byte) { p.Publish(ctx, channel, data) })
}

// Store adds payloads to a stream.
func Store(ctx context.Context, url, stream string, payloads [][]byte) error {
	return inPipelines(ctx, url, payloads, func(p redis.Pipeliner, data []byte) {
		p.XAdd(ctx, &redis.XAddArgs{Stream: stream, Values: []any{"data", data}})
	})
}

func inPipelines(ctx context.Context, url string, payloads [][]byte, add func(redis.Pipeliner, []byte)) error {
	client, err := connect(url)
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	for len(payloads) > 0 {
		now := payloads[:min(perPipeline, len(payloads))]
		payloads = payloads[len(now):]
		_, err := client.Pipelined(ctx, func(p redis.Pipeliner) error {
			for _, data := range now {
				add(p, data)
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("send to redis: %w", err)
		}
	}
	return nil
}

func connect(url string) (*redis.Client, error) {
	options, err := redis.ParseURL(url)
	if err != nil {
		return nil, fmt.Errorf("connect to redis: %w", err)
	}
	return redis.NewClient(options), nil
}
