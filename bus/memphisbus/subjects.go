package memphisbus

import (
	"context"
	"fmt"

	"signalbox/bus"
	"signalbox/bus/memphisbus/internal/names"
)

// MessagesOn implements bus.SubjectReader: the partitions of a station one after the other, from the position's partition on
// its own messages.
func (b *Bus) MessagesOn(ctx context.Context, station bus.Station, subject string, from bus.Position, yield func(*bus.Message) bool) error {
	s, ok, err := b.find(ctx, station)
	if err != nil {
		return fmt.Errorf("reading %s of %s: %w", subject, station.Name, err)
	}
	if !ok {
		return b.inner.MessagesOn(ctx, station, subject, from, yield)
	}
	on := true
	for _, p := range s.Partitions {
		number, sequence := names.Sequence(len(s.Partitions), p.Number, from)
		if from.IsZero() || number != p.Number {
			sequence = 0
		}
		err := b.inner.MessagesOn(ctx, bus.Station{Name: p.Stream(), Kind: bus.Stream}, names.OnWire(p.Stream(), s.Name, subject),
			bus.Position{Major: sequence}, func(m *bus.Message) bool {
				m.Subject, m.Position = names.Shown(m.Subject), s.Place(p.Number, m.Position.Major)
				on = yield(m)
				return on
			})
		if err != nil {
			return fmt.Errorf("reading %s of %s: %w", subject, s.Name, names.Error(err))
		}
		if !on {
			return nil
		}
	}
	return nil
}
