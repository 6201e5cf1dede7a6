package memphisbus

import (
	"context"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
)

// DeadLetters returns what groups gave up or refused, as far as this session heard or can tell, and the copies in dead-letter
// stations of which it cannot.
func (b *Bus) DeadLetters(ctx context.Context) ([]bus.DeadLetter, error) {
	return b.deadLetters.List(ctx)
}

// Resend hands a message to a member of a group again, and to no other group.
func (b *Bus) Resend(ctx context.Context, group string, out bus.Outgoing) (bus.Receipt, error) {
	return b.sender.Resend(ctx, group, out)
}

// resendAt hands the message at a position to a group again.
func (b *Bus) resendAt(ctx context.Context, station, group string, at bus.Position) (bus.Receipt, error) {
	s, err := b.stations.Find(ctx, station)
	if err != nil {
		return bus.Receipt{}, err
	}
	p, sequence, ok := s.Find(at)
	if !ok {
		return bus.Receipt{}, bus.ErrMissing
	}
	m, err := b.server.Message(ctx, p.Info, sequence)
	if err != nil {
		return bus.Receipt{}, err
	}
	return b.Resend(ctx, group, bus.Outgoing{Station: station, Headers: m.Headers, Data: m.Data})
}

// listen calls handle for each message on a subject until the connection is closed.
func (b *Bus) listen(ctx context.Context, subject string, bytes int, handle func(*nats.Msg)) error {
	_, err := b.server.Listen(ctx, subject, bytes, handle)
	return err
}
