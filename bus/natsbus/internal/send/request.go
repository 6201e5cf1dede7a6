package send

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/core"
)

// Request sends a message and waits for the first answer. A stream that takes the subject answers, too: that is its
// acknowledgement.
func (s *Sender) Request(ctx context.Context, out bus.Outgoing) (answer bus.Message, took time.Duration, err error) {
	m, err := s.message(ctx, out)
	if err == nil {
		err = s.check(ctx, out, "")
	}
	if err != nil {
		return bus.Message{}, 0, fmt.Errorf("request to %s: %w", out.Station, err)
	}
	began := time.Now()
	got, err := s.core.Request(ctx, m)
	took = time.Since(began)
	switch {
	case errors.Is(err, nats.ErrNoResponders):
		return bus.Message{}, took, fmt.Errorf("request on %s: whoever would answer %w: nobody listens there", m.Subject, bus.ErrMissing)
	case err != nil:
		return bus.Message{}, took, fmt.Errorf("request on %s: %w", m.Subject, err)
	}
	return core.Message(got), took, nil
}
