package redisbus

import (
	"context"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/servers"
)

// Broker is what the command line knows of Redis. Connecting bounds itself, and waits only for a server that is loading.
var Broker = bus.Broker{
	Schemes: []string{"redis", "rediss", "unix", "redis+sentinel", "rediss+sentinel", "redis+cluster", "rediss+cluster"},
	Help: `  redis://user:password@host:6379/0    also rediss:// with TLS, and unix:///path/to/socket
  redis+sentinel://host,host/master    ?sentinel_username=NAME sentinel_password=WORD
  redis+cluster://host,host            also rediss+sentinel:// and rediss+cluster://
    ?tls_ca=FILE tls_cert=FILE tls_key=FILE
`,
	Variable: "REDIS_URL",
	Connect: func(ctx context.Context, url string, s bus.Settings) (bus.Bus, error) {
		b, err := Connect(ctx, Options{URL: url, AllowConfig: s.AllowConfig, Waiting: s.Warn, Budget: s.Budget, Body: s.Body})
		if err != nil {
			return nil, err
		}
		return b, nil
	},
	Reach: servers.Reach,
}
