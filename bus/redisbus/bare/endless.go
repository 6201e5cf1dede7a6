package bare

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
)

// stall is how long a server may take to answer: a busy machine takes its time.
const stall = 30 * time.Second

// again is how long a sender waits after a failure.
const again = 20 * time.Millisecond

// Keep stores payloads in a stream of about the last so many, one for each number from 1 on, without an end: as many at
// once as batch says, which waits. Whatever becomes of the server no number is left out and none comes twice: after a
// failure it looks for the payload that is stored last, and goes on after its number. When ctx ends it finishes what it has begun,
// and returns the number that is stored last; 0 where the server does not tell.
func Keep(ctx context.Context, url, stream string, most int, batch func() int, payload func(n uint64) []byte, number func(payload []byte) uint64) (last uint64) {
	finish := context.WithoutCancel(ctx)
	for ; ctx.Err() == nil; pause(ctx) {
		client, err := connectOnce(url)
		if err != nil {
			continue
		}
		next, err := behind(ctx, client, stream, number)
		for err == nil && ctx.Err() == nil {
			count := batch()
			_, err = client.Pipelined(finish, func(p redis.Pipeliner) error {
				for range count {
					p.XAdd(finish, &redis.XAddArgs{Stream: stream, MaxLen: int64(most), Approx: true, Values: []any{"data", payload(next)}})
					next++
				}
				return nil
			})
		}
		_ = client.Close()
	}
	client, err := connectOnce(url)
	if err != nil {
		return 0
	}
	defer client.Close()
	next, err := behind(finish, client, stream, number)
	if err != nil {
		return 0
	}
	return next - 1
}

// behind is the number after the one that is stored last.
func behind(ctx context.Context, client *redis.Client, stream string, number func(payload []byte) uint64) (uint64, error) {
	last, err := client.XRevRangeN(ctx, stream, "+", "-", 1).Result()
	if err != nil {
		return 0, err
	}
	if len(last) == 0 {
		return 1, nil
	}
	text, _ := last[0].Values["data"].(string)
	return number([]byte(text)) + 1, nil
}

// Tell publishes payloads on a channel as Keep stores them. What is sent while there is no server is lost; failed is told of
// the numbers that may not have come to one.
func Tell(ctx context.Context, url, channel string, batch func() int, payload func(n uint64) []byte, failed func(from, to uint64)) {
	next := uint64(1)
	for ; ctx.Err() == nil; pause(ctx) {
		client, err := connectOnce(url)
		for err == nil && ctx.Err() == nil {
			count, first := batch(), next
			_, err = client.Pipelined(ctx, func(p redis.Pipeliner) error {
				for range count {
					p.Publish(ctx, channel, payload(next))
					next++
				}
				return nil
			})
			if err != nil {
				failed(first, next-1)
			}
		}
		if client != nil {
			_ = client.Close()
		}
	}
}

// Standing is what a session may leave behind: its connections, and what it changed of the server's settings.
func Standing(ctx context.Context, url string) (clients int64, notify string, err error) {
	client, err := connectOnce(url)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = client.Close() }()
	info, err := client.InfoMap(ctx, "clients").Result()
	if err != nil {
		return 0, "", err
	}
	settings, err := client.ConfigGet(ctx, "notify-keyspace-events").Result()
	if err != nil {
		return 0, "", err
	}
	for _, c := range info["Clients"]["connected_clients"] {
		clients = clients*10 + int64(c-'0')
	}
	return clients, settings["notify-keyspace-events"], nil
}

// connectOnce connects without trying again: what is sent twice may be stored twice.
func connectOnce(url string) (*redis.Client, error) {
	options, err := redis.ParseURL(url)
	if err != nil {
		return nil, err
	}
	options.MaxRetries, options.PoolSize, options.ReadTimeout, options.WriteTimeout = -1, 1, stall, stall
	return redis.NewClient(options), nil
}

func pause(ctx context.Context) {
	select {
	case <-time.After(again):
	case <-ctx.Done():
	}
}
