package natsbus

import (
	"context"

	"signalbox/bus"
)

// Consumers lists the JetStream consumers of all streams that are not the system's, without those of this session.
func (b *Bus) Consumers(ctx context.Context) ([]bus.Consumer, error) {
	found, err := b.js.Consumers(ctx, b.feeds.Owns)
	return b.consumers(ctx, found), err
}
