package cli

import (
	"context"

	"signalbox/bus"
)

// target is a bus to attach to, and the stations wanted of it. Without stations all that are found are meant; without
// a URL or a context, the embedded demo.
type target struct {
	url        string
	found      bus.Connector // of a context that another program keeps, instead of a URL
	production string        // the name of the context that is marked so; "" is not production
	stations   []string
}

// embedded tells whether it is the broker inside this process.
func (t target) embedded() bool { return t.url == "" && t.found == nil }

// connect opens the bus.
func (t target) connect(ctx context.Context, settings bus.Settings) (bus.Bus, error) {
	if t.found != nil {
		return t.found(ctx, settings)
	}
	broker, known := brokerOf(schemeOf(t.url))
	if !known {
		return nil, checkURL(t.url)
	}
	return broker.Connect(ctx, t.url, settings)
}
