package memphisbus

import (
	"context"
	"time"

	"signalbox/bus"
	"signalbox/bus/natsbus"
)

// scheme is that of its URLs.
const scheme = "memphis"

// dialTimeout bounds the first connection, through all that it takes.
const dialTimeout = 10 * time.Second

// Broker is what the command line knows of Memphis.
var Broker = bus.Broker{
	Schemes: []string{scheme},
	Help: `  memphis://user:password@host:6666    also recognised behind nats://
    ?token=TOKEN                       a connection token, with a user before the host: memphis://user@host
    ?tls_ca=FILE tls_cert=FILE tls_key=FILE
`,
	Connect: func(ctx context.Context, url string, s bus.Settings) (bus.Bus, error) {
		ctx, cancel := context.WithTimeout(ctx, dialTimeout)
		defer cancel()
		b, err := Connect(ctx, Options{URL: url, Budget: s.Budget, Body: s.Body})
		if err != nil {
			return nil, err
		}
		return b, nil
	},
	Reach:     reach,
	Recognise: recognise,
}

// recognise implements bus.Broker.
func recognise(ctx context.Context, b bus.Bus) (bus.Bus, bool) {
	inner, ok := b.(*natsbus.Bus)
	if !ok {
		return nil, false
	}
	around, ok := Recognise(ctx, inner)
	if !ok {
		return nil, false
	}
	return around, true
}
