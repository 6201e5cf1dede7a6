package natsbus

import (
	"context"
	"time"

	"github.com/nats-io/jsm.go/natscontext"

	"signalbox/bus"
)

// dialTimeout bounds the first connection, through all that it takes. Later ones take as long as they take.
const dialTimeout = 10 * time.Second

// Broker is what the command line knows of NATS.
var Broker = bus.Broker{
	Schemes: []string{"nats", "tls", "ws", "wss"},
	Help: `  nats://user:password@host:4222       also tls://, ws://, wss://; several of a cluster with commas between
    ?creds=FILE  nkey=FILE             a user's credentials or NKey
    ?tls_ca=FILE tls_cert=FILE tls_key=FILE tls_first=true
    ?domain=NAME api=PREFIX inbox=PREFIX
`,
	Variable: "NATS_URL", Bare: true,
	Contexts: bus.Contexts{Of: "the nats command line", Variable: "NATS_CONTEXT", Names: natscontext.KnownContexts, URL: contextURL,
		Selected: natscontext.SelectedContext, Find: func(name string) (bus.Connector, error) {
			o, err := Context(name)
			return o.dial, err
		}},
	Connect: func(ctx context.Context, url string, s bus.Settings) (bus.Bus, error) {
		return Options{URL: url}.dial(ctx, s)
	},
	Reach: reach,
}

func (o Options) dial(ctx context.Context, s bus.Settings) (bus.Bus, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	o.AllowAll, o.Budget, o.Body = s.AllowAll, s.Budget, s.Body
	b, err := Connect(ctx, o)
	if err != nil {
		return nil, err
	}
	return b, nil
}
