package cli

import (
	"cmp"
	"context"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/output"
)

// tellUnlike says how a message differs from the events of its type that were read: whoever reads it may drop it for that.
func (c *inject) tellUnlike(ctx context.Context, s *session, b bus.Bus, out bus.Outgoing) error {
	p, err := s.engine.Preview(ctx, &sources.Event{Received: sources.Received{
		Bus: b.Info().Name, Station: out.Station, Source: out.Kind, Subject: cmp.Or(out.Subject, out.Station), Headers: out.Headers, Data: out.Data, Size: len(out.Data),
	}})
	if err != nil {
		return err
	}
	notices := output.NewNotices(s.err)
	for _, text := range p.Unlike {
		notices.Line("signalbox: unlike others: " + text)
	}
	return nil
}
