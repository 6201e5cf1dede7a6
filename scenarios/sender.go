package scenarios

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

// sender sends what commands compose, and understands it as an engine will. It may be used from any goroutine.
type sender struct {
	bus bus.Bus
	to  bus.Publisher

	mu      sync.Mutex
	domains sources.Domains
}

// newSender asks a bus for what sending takes. The domains are for the sender alone.
func newSender(domains sources.Domains, b bus.Bus) (*sender, error) {
	to, ok := bus.As[bus.Publisher](b)
	if !ok {
		return nil, fmt.Errorf("nothing can be sent on %s", b.Info().Name)
	}
	return &sender{bus: b, to: to, domains: domains}, nil
}

func (s *sender) publish(ctx context.Context, out bus.Outgoing) (bus.Receipt, error) {
	return s.to.Publish(ctx, out)
}

// understand makes an event of a message of a station.
func (s *sender) understand(station string, m bus.Message) *sources.Event {
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
func (s *sender) sent(out bus.Outgoing, receipt bus.Receipt) map[string]any {
	return scope.EventNames(s.understand(cmp.Or(receipt.Station, out.Station), bus.Message{
		Subject: cmp.Or(out.Subject, out.Station), Headers: out.Headers, Data: out.Data, Position: receipt.Position, Size: len(out.Data),
		UnixNano: time.Now().UnixNano(),
	}))
}
