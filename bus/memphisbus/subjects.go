package memphisbus

import (
	"context"
	"fmt"
	"iter"

	"signalbox/bus"
	"signalbox/bus/memphisbus/internal/names"
	"signalbox/bus/memphisbus/internal/stations"
)

// MessagesOn implements bus.SubjectReader: the partitions' messages, the oldest of all of them first. A position begins in its
// own partition, the others at their beginning.
func (b *Bus) MessagesOn(ctx context.Context, station bus.Station, subject string, from bus.Position, yield func(*bus.Message) bool) error {
	s, ok, err := b.find(ctx, station)
	if err != nil {
		return fmt.Errorf("reading %s of %s: %w", subject, station.Name, err)
	}
	if !ok {
		return b.inner.MessagesOn(ctx, station, subject, from, yield)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type head struct {
		message *bus.Message
		next    func() (*bus.Message, error, bool)
	}
	var heads []head
	for _, p := range s.Partitions {
		next, stop := iter.Pull2(b.messagesOf(ctx, &s, p, subject, from))
		defer stop()
		heads = append(heads, head{next: next})
	}
	for {
		oldest := -1
		for i := range heads {
			h := &heads[i]
			if h.message == nil && h.next != nil {
				m, err, more := h.next()
				if err != nil {
					return fmt.Errorf("reading %s of %s: %w", subject, s.Name, names.Error(err))
				}
				if h.message = m; !more {
					h.message, h.next = nil, nil
				}
			}
			if h.message != nil && (oldest < 0 || h.message.UnixNano < heads[oldest].message.UnixNano) {
				oldest = i
			}
		}
		if oldest < 0 || !yield(heads[oldest].message) {
			return nil
		}
		heads[oldest].message = nil
	}
}

// messagesOf are the messages of a partition; the last may be an error.
func (b *Bus) messagesOf(ctx context.Context, s *stations.Station, p stations.Partition, subject string, from bus.Position) iter.Seq2[*bus.Message, error] {
	number, sequence := names.Sequence(len(s.Partitions), p.Number, from)
	if from.IsZero() || number != p.Number {
		sequence = 0
	}
	return func(yield func(*bus.Message, error) bool) {
		err := b.inner.MessagesOn(ctx, bus.Station{Name: p.Stream(), Kind: bus.Stream}, names.OnWire(p.Stream(), s.Name, subject),
			bus.Position{Major: sequence}, func(m *bus.Message) bool {
				m.Subject, m.Position = names.Shown(m.Subject), s.Place(p.Number, m.Position.Major)
				return yield(m, nil)
			})
		if err != nil {
			yield(nil, err)
		}
	}
}
