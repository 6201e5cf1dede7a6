package cli

import (
	"context"
	"time"

	"signalbox/bus"
	"signalbox/bus/natsbus"
	"signalbox/bus/redisbus"
)

// connectTimeout bounds the first connection. Later ones are the bus's own business, and take as long as they take.
const connectTimeout = 10 * time.Second

// Names of the two connections to the embedded server.
const (
	deckName = "embedded nats"
	demoName = "demo"
)

// connect opens the bus that a URL names.
func (o *options) connect(ctx context.Context, url string) (bus.Bus, error) {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	if isRedis(schemeOf(url)) {
		return redisbus.Connect(ctx, redisbus.Options{URL: url})
	}
	return natsbus.Connect(ctx, natsbus.Options{URL: url, AllowAll: o.allowAll})
}
