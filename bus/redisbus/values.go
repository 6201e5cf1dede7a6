package redisbus

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/entries"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/names"
)

// Get implements bus.Getter for streams.
func (b *Bus) Get(ctx context.Context, station bus.Station, at bus.Position) (bus.Message, error) {
	ctx, cancel := b.session.During(ctx)
	defer cancel()
	key, id := names.Raw(station), entries.ID(at)
	answer, err := b.redis.Do(ctx, "XRANGE", key, id, id).Slice()
	if err != nil {
		return bus.Message{}, fmt.Errorf("get %s of %s: %w", id, key, fault.Explain(err))
	}
	if len(answer) != 1 {
		return bus.Message{}, fmt.Errorf("get %s of %s: it %w, or no longer", id, key, bus.ErrMissing)
	}
	m, err := entries.FromReply(key, answer[0], time.Now())
	if err != nil {
		return bus.Message{}, fmt.Errorf("get %s of %s: %w", id, key, err)
	}
	return m, nil
}

// Make implements bus.Maker: a stream is made empty, by making a group and removing it again. Channels and keys need
// no making.
func (b *Bus) Make(ctx context.Context, wanted bus.NewStation) error {
	ctx, cancel := b.session.During(ctx)
	defer cancel()
	if wanted.Keyed {
		return nil
	}
	key := names.Raw(bus.Station{Name: wanted.Name, Kind: bus.Log})
	is, err := b.servers.TypeOf(ctx, key)
	if err != nil {
		return fmt.Errorf("make the stream %s: %w", key, err)
	}
	switch is {
	case "stream":
	case "none":
		const maker = "signalbox-maker"
		_, err = b.redis.TxPipelined(ctx, func(p redis.Pipeliner) error {
			p.XGroupCreateMkStream(ctx, key, maker, "$")
			p.XGroupDestroy(ctx, key, maker)
			return nil
		})
		if err != nil {
			return fmt.Errorf("make the stream %s: %w", key, fault.Explain(err))
		}
	default:
		return fmt.Errorf("make the stream %s: the key is a %s already; choose another name", key, is)
	}
	b.known.add(bus.Log, key)
	return nil
}

// Unmake implements bus.Maker: it deletes the stream's key.
func (b *Bus) Unmake(ctx context.Context, made bus.NewStation) error {
	ctx, cancel := b.session.During(ctx)
	defer cancel()
	if made.Keyed {
		return nil
	}
	key := names.Raw(bus.Station{Name: made.Name, Kind: bus.Log})
	is, err := b.servers.TypeOf(ctx, key)
	if err == nil && is == "stream" {
		err = b.redis.Del(ctx, key).Err()
	}
	if err != nil {
		return fmt.Errorf("remove the stream %s, which was made here: %w", key, fault.Explain(err))
	}
	return nil
}

// Put implements bus.Keeper with the string bucket:key.
func (b *Bus) Put(ctx context.Context, bucket, key string, value []byte) error {
	ctx, cancel := b.session.During(ctx)
	defer cancel()
	if err := b.redis.Set(ctx, bucket+":"+key, value, 0).Err(); err != nil {
		return fmt.Errorf("put %s:%s: %w", bucket, key, fault.Explain(err))
	}
	return nil
}

// Value implements bus.Keeper.
func (b *Bus) Value(ctx context.Context, bucket, key string) ([]byte, error) {
	ctx, cancel := b.session.During(ctx)
	defer cancel()
	value, err := b.redis.Get(ctx, bucket+":"+key).Bytes()
	switch {
	case errors.Is(err, redis.Nil):
		return nil, fmt.Errorf("value of %s:%s: %w", bucket, key, bus.ErrMissing)
	case err != nil:
		return nil, fmt.Errorf("value of %s:%s: %w", bucket, key, fault.Explain(err))
	}
	return value, nil
}
