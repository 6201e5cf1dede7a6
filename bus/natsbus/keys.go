package natsbus

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/jsapi"
)

// Put sets a key of a bucket.
func (b *Bus) Put(ctx context.Context, bucket, key string, value []byte) error {
	kv, err := b.js.JetStream.KeyValue(ctx, bucket)
	if err == nil {
		_, err = kv.Put(ctx, key, value)
	}
	if err != nil {
		return fmt.Errorf("put %s into bucket %s: %w", key, bucket, keyError(err))
	}
	return nil
}

// Value is the value of a key of a bucket.
func (b *Bus) Value(ctx context.Context, bucket, key string) ([]byte, error) {
	kv, err := b.js.JetStream.KeyValue(ctx, bucket)
	var entry jetstream.KeyValueEntry
	if err == nil {
		entry, err = kv.Get(ctx, key)
	}
	if err != nil {
		return nil, fmt.Errorf("value of %s in bucket %s: %w", key, bucket, keyError(err))
	}
	return entry.Value(), nil
}

func keyError(err error) error {
	if errors.Is(err, jetstream.ErrKeyNotFound) || errors.Is(err, jetstream.ErrBucketNotFound) {
		return fmt.Errorf("%w (%w)", bus.ErrMissing, err)
	}
	return jsapi.Error(err)
}
