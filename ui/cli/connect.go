package cli

import (
	"context"
	"fmt"
	"time"

	"signalbox/bus"
	"signalbox/bus/natsbus"
	"signalbox/bus/redisbus"
	"signalbox/ui/screen"
)

// connectTimeout bounds the first connection to NATS. Redis bounds its own, and waits only for a server that is loading.
// Later connections are the bus's own business, and take as long as they take.
const connectTimeout = 10 * time.Second

// Names of the two connections to the embedded server.
const (
	deckName = "embedded nats"
	demoName = "demo"
)

// connect opens the bus that a target names.
func (o *options) connect(ctx context.Context, t target) (bus.Bus, error) {
	if isRedis(schemeOf(t.url)) {
		return redisbus.Connect(ctx, redisbus.Options{URL: t.url, AllowConfig: o.allowConfig, Waiting: o.warn})
	}
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	settings := natsbus.Options{URL: t.url}
	if t.nats != nil {
		settings = *t.nats
	}
	settings.AllowAll = o.allowAll
	return natsbus.Connect(ctx, settings)
}

// warn tells people what is the matter.
func (o *options) warn(text string) {
	fmt.Fprintln(o.err, "signalbox:", screen.Clean(text))
}
