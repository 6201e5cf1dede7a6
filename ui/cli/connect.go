package cli

import (
	"context"
	"fmt"

	"signalbox/bus"
	"signalbox/ui/screen"
)

// Names of the two connections to the embedded server.
const (
	deckName = "embedded nats"
	demoName = "demo"
)

// connect opens the bus that a target names.
func (o *options) connect(ctx context.Context, t target) (bus.Bus, error) {
	settings := bus.Settings{AllowAll: o.allowAll, AllowConfig: o.allowConfig, Warn: o.warn}
	if t.found != nil {
		return t.found(ctx, settings)
	}
	broker, known := brokerOf(schemeOf(t.url))
	if !known {
		return nil, checkURL(t.url)
	}
	return broker.Connect(ctx, t.url, settings)
}

// warn tells people what is the matter.
func (o *options) warn(text string) {
	fmt.Fprintln(o.err, "signalbox:", screen.Clean(text))
}
