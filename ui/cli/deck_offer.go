package cli

import (
	"context"
	"errors"
	"slices"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck"
)

// offer is what the deck offers when a bus was asked for all it has and has nothing that can be listed, as with core
// NATS: to listen to everything. It is nil when there is something to see.
func offer(ctx context.Context, s *session) *deck.Offer {
	for i, b := range s.buses {
		if len(s.targets[i].Stations) > 0 || !isEmpty(ctx, b) {
			continue
		}
		everything := b.Info().Everything
		if everything == "" {
			continue
		}
		return &deck.Offer{
			Text:  "No station was found on " + b.Info().Name + ". Listen to everything that is sent there (" + everything + ")?",
			Short: "listen to everything that is sent (" + everything + ")",
			Accept: func(ctx context.Context) error {
				return s.engine.Attach(ctx, b, sources.Selection{Names: []string{everything}, From: bus.From{Start: bus.FromNew}})
			},
		}
	}
	return nil
}

// isEmpty tells whether a bus lists nothing that can be read.
func isEmpty(ctx context.Context, b bus.Bus) bool {
	stations, err := b.Stations(ctx)
	readable := func(s bus.Station) bool { return s.Readable }
	return (err == nil || errors.Is(err, bus.ErrUnfinished)) && !slices.ContainsFunc(stations, readable)
}
