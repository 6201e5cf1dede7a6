package natsbus

import (
	"context"
	"fmt"

	"signalbox/bus"
	"signalbox/bus/backlog"
	"signalbox/bus/natsbus/internal/core"
	"signalbox/bus/natsbus/internal/jsapi"
)

// Open starts reading a station. For a stream or bucket it asks about its retention first, since that decides how.
func (b *Bus) Open(ctx context.Context, station bus.Station, from bus.From) (bus.Feed, error) {
	f, err := b.open(ctx, station, from)
	if err != nil {
		return nil, fmt.Errorf("open %s %s: %w", station.Kind, station.Name, err)
	}
	if err := b.enlist(f); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("open %s %s: %w", station.Kind, station.Name, err)
	}
	return f, nil
}

func (b *Bus) open(ctx context.Context, station bus.Station, from bus.From) (feed, error) {
	if b.life.Err() != nil {
		return nil, core.ErrClosed
	}
	switch station.Kind {
	case bus.Subject:
		s, err := b.subject(ctx, station.Name)
		if err != nil {
			return nil, err
		}
		if !s.Readable {
			return nil, fmt.Errorf("%s", s.Reading)
		}
		return b.openSubject(ctx, station.Name)
	case bus.Stream, bus.Bucket:
		info, err := b.js.Stream(ctx, jsapi.StreamName(station))
		if err != nil {
			return nil, err
		}
		if consumable(info) {
			return b.openStream(ctx, station, info, from)
		}
		return b.openQueue(ctx, station, info, from)
	default:
		return nil, fmt.Errorf("it cannot be read (%s)", station.Reading)
	}
}

// buffer is how many bytes a feed may hold.
func (b *Bus) buffer(usual int) int {
	if b.options.Buffer > 0 {
		return b.options.Buffer
	}
	return usual
}

// newQueue makes the queue of a feed that may hold so many bytes.
func newQueue(bytes int) *backlog.Queue { return backlog.NewQueue(backlog.NewBudget(int64(bytes))) }
