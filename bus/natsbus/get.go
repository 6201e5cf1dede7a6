package natsbus

import (
	"context"
	"fmt"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/jsapi"
)

// Get fetches the message at a sequence of a stream or bucket.
func (b *Bus) Get(ctx context.Context, station bus.Station, at bus.Position) (bus.Message, error) {
	info, err := b.js.Stream(ctx, jsapi.StreamName(station))
	if err != nil {
		return bus.Message{}, fmt.Errorf("get %d of %s: %w", at.Major, station.Name, err)
	}
	m, err := b.js.Message(ctx, info, jsapi.Get{Sequence: at.Major})
	if err != nil {
		return bus.Message{}, fmt.Errorf("get %d of %s: %w", at.Major, station.Name, err)
	}
	m.Subject = jsapi.ShownSubject(info, m.Subject)
	return m, nil
}
