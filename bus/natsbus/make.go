package natsbus

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/jsapi"
)

// Make creates a stream or a bucket when it is missing.
func (b *Bus) Make(ctx context.Context, wanted bus.NewStation) error {
	name := wanted.Name
	if wanted.Keyed {
		return b.makeBucket(ctx, name)
	}
	config := jetstream.StreamConfig{Name: name, Subjects: wanted.Subjects}
	if len(config.Subjects) == 0 {
		config.Subjects = []string{name}
	}
	_, err := b.js.Stream(ctx, name)
	if errors.Is(err, bus.ErrMissing) {
		_, err = b.js.JetStream.CreateStream(ctx, config)
		if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) { // somebody was faster
			err = nil
		}
	}
	if err != nil {
		return fmt.Errorf("make stream %s: %w", name, jsapi.Error(err))
	}
	return nil
}

// Unmake removes a stream or a bucket.
func (b *Bus) Unmake(ctx context.Context, made bus.NewStation) error {
	name := made.Name
	if made.Keyed {
		name = jsapi.BucketPrefix + name
	}
	if err := b.js.JetStream.DeleteStream(ctx, name); err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) {
		return fmt.Errorf("remove %s, which was made here: %w", made.Name, jsapi.Error(err))
	}
	return nil
}

func (b *Bus) makeBucket(ctx context.Context, name string) error {
	_, err := b.js.Stream(ctx, jsapi.BucketPrefix+name)
	if errors.Is(err, bus.ErrMissing) {
		_, err = b.js.JetStream.CreateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: name, History: jsapi.BucketHistory})
		if errors.Is(err, jetstream.ErrBucketExists) {
			err = nil
		}
	}
	if err != nil {
		return fmt.Errorf("make bucket %s: %w", name, jsapi.Error(err))
	}
	return nil
}
