package cli

import (
	"context"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/ui/deck"
)

// offer is what the deck offers when a bus was asked for all it has and has nothing that can be listed, as with core
// NATS: to listen to everything. It is nil when there is something to see.
func (s *session) offer() *deck.Offer {
	for i, b := range s.buses {
		if len(s.targets[i].stations) > 0 || s.targets[i].embedded() || s.reads(b) {
			continue
		}
		everything := ">"
		if b.Info().Scheme == "redis" {
			everything = "*"
		}
		return &deck.Offer{
			Text: "Nothing was found on " + b.Info().Name + ". Listen to everything that is sent there (" + everything + ")?",
			Accept: func(ctx context.Context) error {
				return s.engine.Attach(ctx, b, sources.Selection{Names: []string{everything}, From: bus.From{Start: bus.FromNew}})
			},
		}
	}
	return nil
}

// reads tells whether anything of a bus is being read.
func (s *session) reads(b bus.Bus) bool {
	for _, row := range s.engine.Snapshot().Stations {
		if row.Bus == b.Info().Name && row.Reading {
			return true
		}
	}
	return false
}
