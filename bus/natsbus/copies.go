package natsbus

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/goroutine"
)

var _ bus.CopyReader = (*Bus)(nil)

// mostCopy bounds the bytes of a value that is read as a copy.
const mostCopy = 1 << 20

// CopyStore implements bus.CopyReader.
func (b *Bus) CopyStore() string { return "nats" }

// copiesTogether is how many values are under way at once: a server that is far away is waited for so much less often.
const copiesTogether = 16

// Copies implements bus.CopyReader. Each path is bucket/key.
func (b *Bus) Copies(ctx context.Context, paths []string) ([]bus.Copied, error) {
	out := make([]bus.Copied, len(paths))
	buckets, err := b.bucketsOf(ctx, paths)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var reading goroutine.Group
	for range min(copiesTogether, len(paths)) {
		reading.Go("what reads a copy", func() {
			for i := int(next.Add(1)) - 1; i < len(paths) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				bucket, key, _ := strings.Cut(paths[i], "/")
				var err error
				if out[i], err = copied(ctx, buckets[bucket], key); err != nil {
					cancel(err)
				}
			}
		})
	}
	reading.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	return out, nil
}

// bucketsOf are the buckets of some paths; nil is one that there is not.
func (b *Bus) bucketsOf(ctx context.Context, paths []string) (map[string]jetstream.KeyValue, error) {
	buckets := map[string]jetstream.KeyValue{}
	for _, path := range paths {
		name, _, _ := strings.Cut(path, "/")
		if _, known := buckets[name]; known {
			continue
		}
		kv, err := b.js.JetStream.KeyValue(ctx, name)
		switch {
		case errors.Is(err, jetstream.ErrBucketNotFound):
			kv = nil
		case err != nil:
			return nil, fmt.Errorf("look into bucket %s: %w", name, keyError(err))
		}
		buckets[name] = kv
	}
	return buckets, nil
}

// copied is the value of a key.
func copied(ctx context.Context, bucket jetstream.KeyValue, key string) (bus.Copied, error) {
	if bucket == nil {
		return bus.Copied{}, nil
	}
	entry, err := bucket.Get(ctx, key)
	switch {
	case errors.Is(err, jetstream.ErrKeyNotFound), errors.Is(err, jetstream.ErrKeyDeleted), errors.Is(err, jetstream.ErrInvalidKey):
		return bus.Copied{}, nil
	case err != nil:
		return bus.Copied{}, fmt.Errorf("value of %s in bucket %s: %w", key, bucket.Bucket(), keyError(err))
	}
	value := bus.Copied{Size: len(entry.Value()), Kept: true}
	if value.Size <= mostCopy {
		value.Data = entry.Value()
	}
	return value, nil
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
