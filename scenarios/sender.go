package scenarios

import (
	"context"
	"fmt"

	"signalbox/bus"
)

// sender sends what commands compose, and understands it as an engine will. It may be used from any goroutine.
type sender struct {
	bus  bus.Bus
	to   bus.Publisher
	read *reader
}

// newSender asks a bus for what sending takes.
func newSender(l *Library, b bus.Bus) (*sender, error) {
	to, ok := bus.As[bus.Publisher](b)
	if !ok {
		return nil, fmt.Errorf("nothing can be sent on %s", b.Info().Name)
	}
	return &sender{bus: b, to: to, read: newReader(l, b)}, nil
}

func (s *sender) publish(ctx context.Context, out bus.Outgoing) (bus.Receipt, error) {
	return s.to.Publish(ctx, out)
}
