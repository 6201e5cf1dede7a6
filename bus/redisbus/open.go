package redisbus

import (
	"context"
	"fmt"

	"signalbox/bus"
)

// Open implements bus.Bus.
func (b *Bus) Open(ctx context.Context, station bus.Station, from bus.From) (bus.Feed, error) {
	if b.ctx.Err() != nil {
		return nil, fmt.Errorf("open %s: %w", station.Name, errClosed)
	}
	feed, err := b.open(ctx, station, from)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", station.Name, err)
	}
	b.places.note(station.Kind, rawName(station))
	return feed, nil
}

func (b *Bus) open(ctx context.Context, station bus.Station, from bus.From) (bus.Feed, error) {
	switch station.Kind {
	case bus.Log:
		return b.openLog(ctx, station, from)
	case bus.Channel, bus.Pattern, bus.Sharded:
		return b.line.open(ctx, topic{station.Kind, rawName(station)})
	}
	return nil, fmt.Errorf("a %s cannot be read on Redis", station.Kind)
}
