package memphisbus

import (
	"context"
	"strings"

	"signalbox/bus/memphisbus/internal/names"
	"signalbox/bus/natsbus"
)

// Recognise makes a bus of one on NATS when its server is Memphis: it has streams of Memphis's own, of which a user may always
// know the names, or it says a version that no NATS with streams has. From then on the bus below is its own.
func Recognise(ctx context.Context, inner *natsbus.Bus) (*Bus, bool) {
	said := strings.TrimPrefix(inner.Info().Server, "nats-server ")
	old := strings.HasPrefix(said, "0.") || strings.HasPrefix(said, "1.")
	if !old && !hasOwn(ctx, inner.Server()) {
		return nil, false
	}
	version := "Memphis"
	if old {
		version += " " + said
	}
	return assemble(inner, version), true
}

// hasOwn tells whether there is a stream of Memphis's own: they are the first in the order of names.
func hasOwn(ctx context.Context, server *natsbus.Server) bool {
	var page struct {
		Streams []string `json:"streams"`
	}
	if server.Ask(ctx, "STREAM.NAMES", nil, &page) != nil {
		return false
	}
	for _, name := range page.Streams {
		if names.System(name) {
			return true
		}
	}
	return false
}
