package script

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"

	"signalbox/bus"
	"signalbox/scenarios/scope"
	"signalbox/sources"
)

// Sender sends what commands compose, and understands it as an engine will. It may be used from any goroutine.
type Sender struct {
	bus bus.Bus
	to  bus.Publisher

	mu      sync.Mutex
	domains sources.Domains
}

// NewSender asks a bus for what sending takes. The domains are for the sender alone.
func NewSender(domains sources.Domains, b bus.Bus) (*Sender, error) {
	to, ok := bus.As[bus.Publisher](b)
	if !ok {
		return nil, fmt.Errorf("nothing can be sent on %s", b.Info().Name)
	}
	return &Sender{bus: b, to: to, domains: domains}, nil
}

// Publish sends a message and waits for what the broker says of it.
func (s *Sender) Publish(ctx context.Context, out bus.Outgoing) (bus.Receipt, error) {
	return s.to.Publish(ctx, out)
}

// Understand makes an event of a message of a station.
func (s *Sender) Understand(station string, m bus.Message) *sources.Event {
	e := &sources.Event{Received: sources.Received{
		UnixNano: m.UnixNano, Bus: s.bus.Info().Name, Station: station, Subject: m.Subject, Position: m.Position,
		Headers: m.Headers, Data: m.Data, Size: m.Size,
	}}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.domains.Understand(e)
	return e
}

// sent is what was sent, as expressions see an event.
func (s *Sender) sent(out bus.Outgoing, receipt bus.Receipt) map[string]any {
	return scope.EventNames(s.Understand(cmp.Or(receipt.Station, out.Station), bus.Message{
		Subject: cmp.Or(out.Subject, out.Station), Headers: out.Headers, Data: out.Data, Position: receipt.Position, Size: len(out.Data),
		UnixNano: time.Now().UnixNano(),
	}))
}
