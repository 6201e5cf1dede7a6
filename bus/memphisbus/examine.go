package memphisbus

import (
	"context"
	"slices"
	"strings"

	"signalbox/bus"
	"signalbox/bus/memphisbus/internal/names"
)

// Examine tells about the server, what the user may do, how each station would be read, and what stays of a session.
func (b *Bus) Examine(ctx context.Context) []bus.Finding {
	var out []bus.Finding
	read := readings(ctx, b)
	for _, f := range b.inner.Examine(ctx) {
		if f.Section == "server" && len(out) == 0 {
			out = append(out, bus.Finding{Section: "server", Name: "product", Value: b.version + ", on " + b.inner.Info().Server})
		}
		if _, _, ok := names.OfStream(f.Name); ok && f.Section == "reading" {
			continue // it is told below, by stations
		}
		f.Name, f.Value = names.InText(f.Name), strings.ReplaceAll(names.InText(f.Value), "nats://", scheme+"://")
		out = append(out, f)
	}
	at := slices.IndexFunc(out, func(f bus.Finding) bool { return f.Section == "trace" })
	if at < 0 {
		at = len(out)
	}
	return slices.Insert(out, at, read...)
}

// readings are how stations would be read, and what is hidden.
func readings(ctx context.Context, b *Bus) []bus.Finding {
	var out []bus.Finding
	list, err := b.stations.List(ctx)
	for _, s := range list {
		out = append(out, bus.Finding{Section: "reading", Name: s.Name, Value: s.Reading})
	}
	if err != nil {
		out = append(out, bus.Finding{Section: "reading", Name: "stations", Value: strings.ReplaceAll(err.Error(), "\n", "; "), Level: bus.Warn})
	}
	if n, err := b.stations.Hidden(ctx); err == nil && n > 0 {
		out = append(out, bus.Finding{Section: "reading", Name: "hidden", Value: hiddenText(n)})
	}
	return out
}
