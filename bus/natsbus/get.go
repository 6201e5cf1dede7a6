package natsbus

import (
	"context"
	"errors"
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

// MessagesOn implements bus.SubjectReader: by gets, without a consumer, each for the first message on the subject from a
// sequence on.
func (b *Bus) MessagesOn(ctx context.Context, station bus.Station, subject string, from bus.Position, yield func(*bus.Message) bool) error {
	name := jsapi.StreamName(station)
	info, err := b.js.Stream(ctx, name)
	if err != nil {
		return fmt.Errorf("reading %s of %s: %w", subject, station.Name, err)
	}
	for next := max(from.Major, info.State.FirstSeq, 1); ; {
		m, err := b.js.Message(ctx, info, jsapi.Get{Sequence: next, Next: jsapi.KeyPrefix(name) + subject})
		switch {
		case errors.Is(err, bus.ErrMissing):
			return nil
		case err != nil:
			return fmt.Errorf("reading %s of %s from %d on: %w", subject, station.Name, next, err)
		}
		next = m.Position.Major + 1
		m.Subject = jsapi.ShownSubject(info, m.Subject)
		if !yield(&m) {
			return nil
		}
	}
}
