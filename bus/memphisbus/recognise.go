package memphisbus

import (
	"context"
	"slices"
	"strings"

	"signalbox/bus/memphisbus/internal/names"
	"signalbox/bus/natsbus"
)

// Recognise makes a bus of one on NATS when its server is Memphis: it has streams of Memphis's own, of which every user may
// know the names, or says a version that no NATS with streams has. From then on the bus below is its own.
func Recognise(ctx context.Context, inner *natsbus.Bus) (*Bus, bool) {
	version := version(ctx, inner)
	if version == "" {
		return nil, false
	}
	return assemble(inner, "Memphis "+version), true
}

// version is that of the Memphis that a server is, or "".
func version(ctx context.Context, inner *natsbus.Bus) string {
	own, err := ownStreams(ctx, inner.Server())
	if err != nil { // one that has no streams is no Memphis, and of one that does not tell it is not known
		return ""
	}
	return versionOf(strings.TrimPrefix(inner.Info().Server, "nats-server "), own)
}

// nackedStream is a stream of Memphis's own that there is since 1.4.4.
const nackedStream = "$memphis_dls_nacked"

// versionOf is the version of a Memphis by what its server says and by the streams of its own, or "" for another server. Until
// 1.4.2 a Memphis says its own version; since then that of the NATS in it, and the last release has a stream more.
func versionOf(said string, own []string) string {
	switch {
	case strings.HasPrefix(said, "0."), strings.HasPrefix(said, "1."):
		return said
	case len(own) == 0:
		return ""
	case slices.Contains(own, nackedStream):
		return "1.4.4"
	default:
		return "1.4.3"
	}
}

// ownStreams are the streams of Memphis's own. They come first in the order of names, and so in the first answer.
func ownStreams(ctx context.Context, server *natsbus.Server) ([]string, error) {
	var page struct {
		Streams []string `json:"streams"`
	}
	if err := server.Ask(ctx, "STREAM.NAMES", nil, &page); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(page.Streams, func(name string) bool { return !names.System(name) }), nil
}
