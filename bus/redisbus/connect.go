package redisbus

import (
	"cmp"
	"context"
	"crypto/tls"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/channels"
	"signalbox/bus/redisbus/internal/groups"
	"signalbox/bus/redisbus/internal/keys"
	"signalbox/bus/redisbus/internal/servers"
	"signalbox/bus/redisbus/internal/session"
	"signalbox/bus/redisbus/internal/streams"
)

// DefaultClient is the name of the connections unless Options has another.
const DefaultClient = "signalbox"

// An answer to a question, which go-redis reads as a whole, may take as much memory as so many payloads of which all that may
// be is kept, and so much in any case.
const (
	bodiesInAnswer = 4
	leastAnswer    = 16 << 20
)

// Options say how to connect.
type Options struct {
	URL    string      // as the package says
	Client string      // the name of the connections in CLIENT LIST; DefaultClient when empty
	TLS    *tls.Config // for rediss://; nil: the system's certificates
	Budget *bus.Budget // that all feeds draw on; nil is one of the bus's own
	Buffer int64       // bytes of it that a channel's feed may hold for a slow reader; 0 is all there is
	Body   int64       // bytes of a payload that are kept, its beginning; 0 is bus.DefaultBody

	// Files in PEM for TLS, over tls_cert, tls_key and tls_ca in the URL: a client's certificate and its key, and the
	// authorities to trust instead of the system's.
	Cert, Key, Authority string

	// AllowConfig is the consent to add to the server's notify-keyspace-events while keys are watched. Close puts
	// back what was there.
	AllowConfig bool

	// Waiting, when not nil, is told why Connect has to wait: the server is still loading its data.
	Waiting func(why string)
}

// Connect connects to a server and waits until it has answered.
func Connect(ctx context.Context, o Options) (*Bus, error) {
	client := cmp.Or(o.Client, DefaultClient)
	body := cmp.Or(o.Body, bus.DefaultBody)
	all, first, err := servers.Connect(ctx, servers.Options{
		Most: max(bodiesInAnswer*body, leastAnswer),
		URL:  o.URL, Client: client, TLS: o.TLS, Cert: o.Cert, Key: o.Key, Authority: o.Authority, Waiting: o.Waiting,
	})
	if err != nil {
		return nil, err
	}
	info := bus.Info{
		Name: all.Name(), Scheme: "redis", Everything: "*", URL: bus.Redact(o.URL), Server: all.Product(),
		Loopback: all.Loopback(ctx, first.Addr),
	}
	all.Identify(ctx, first, &info)
	if o.Budget == nil {
		o.Budget = bus.NewBudget(bus.DefaultBudget)
	}
	s := session.Start(all, first, info, o.Budget, body)
	b := &Bus{
		client: client, redis: all.Client, servers: all, session: s,
		channels: channels.New(s, o.Buffer),
		search:   streams.NewSearch(all), inspector: streams.NewInspector(all),
		groups: groups.New(s), known: newKnown(func(text string) { s.Notify(bus.Warn, "", "%s", text) }),
	}
	b.readers = streams.NewReaders(s, b.inspector)
	b.keys = keys.New(s, b.channels, keys.NewSettings(all, o.AllowConfig))
	b.finder = keys.NewFinder(b.keys)
	return b, nil
}
