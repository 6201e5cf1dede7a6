package natsbus

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
)

var _ bus.CopyReader = (*Bus)(nil)

// mostCopy bounds the bytes of a value that is read as a copy.
const mostCopy = 1 << 20

// CopyStore implements bus.CopyReader.
func (b *Bus) CopyStore() string { return "nats" }

// Copies implements bus.CopyReader. Each path is bucket/key.
func (b *Bus) Copies(ctx context.Context, paths []string) ([]bus.Copied, error) {
	out := make([]bus.Copied, len(paths))
	buckets := map[string]jetstream.KeyValue{}
	for i, path := range paths {
		bucket, key, _ := strings.Cut(path, "/")
		kv, known := buckets[bucket]
		if !known {
			var err error
			kv, err = b.js.JetStream.KeyValue(ctx, bucket)
			if err != nil && !errors.Is(err, jetstream.ErrBucketNotFound) {
				return nil, fmt.Errorf("look into bucket %s: %w", bucket, keyError(err))
			}
			if err != nil {
				kv = nil
			}
			buckets[bucket] = kv
		}
		if kv == nil {
			continue
		}
		entry, err := kv.Get(ctx, key)
		switch {
		case errors.Is(err, jetstream.ErrKeyNotFound), errors.Is(err, jetstream.ErrKeyDeleted), errors.Is(err, jetstream.ErrInvalidKey):
			continue
		case err != nil:
			return nil, fmt.Errorf("value of %s in bucket %s: %w", key, bucket, keyError(err))
		}
		out[i] = bus.Copied{Size: len(entry.Value()), Kept: true}
		if len(entry.Value()) <= mostCopy {
			out[i].Data = entry.Value()
		}
	}
	return out, nil
}

// CopyPaths implements bus.CopyReader: keys are listed without their values, by a consumer that is gone afterwards.
func (b *Bus) CopyPaths(ctx context.Context, prefix, suffix string, yield func(path string) bool) error {
	bucket, prefix, ok := strings.Cut(prefix, "/")
	if !ok {
		return fmt.Errorf("keys of %s: want bucket/key", bucket)
	}
	kv, err := b.js.JetStream.KeyValue(ctx, bucket)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("keys of bucket %s: %w", bucket, keyError(err))
	}
	lister, err := kv.ListKeys(ctx)
	if err != nil {
		return fmt.Errorf("keys of bucket %s: %w", bucket, keyError(err))
	}
	defer lister.Stop() //nolint:errcheck // the server forgets it by itself
	for key := range lister.Keys() {
		between, begins := strings.CutPrefix(key, prefix)
		if _, ends := strings.CutSuffix(between, suffix); begins && ends && !yield(bucket+"/"+key) {
			return nil
		}
	}
	return ctx.Err()
}
