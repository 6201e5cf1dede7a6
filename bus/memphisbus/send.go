package memphisbus

import (
	"context"
	"errors"
	"fmt"

	"signalbox/bus"
)

// Publish sends a message to a station, as Memphis's clients do. A name that no station has, and no stream or bucket either, is an
// error that wraps bus.ErrMissing: nobody would keep the message.
func (b *Bus) Publish(ctx context.Context, out bus.Outgoing) (bus.Receipt, error) {
	receipt, err := b.sender.Publish(ctx, out)
	if !errors.Is(err, bus.ErrMissing) {
		return receipt, err
	}
	found, lookErr := b.inner.Stations(ctx, out.Station)
	if lookErr != nil || len(found) != 1 || found[0].Kind == bus.Subject && out.Subject == "" {
		return bus.Receipt{}, fmt.Errorf("nothing was sent: %w", err)
	}
	return b.inner.Publish(ctx, out)
}
