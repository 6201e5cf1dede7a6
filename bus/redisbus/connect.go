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

// Defaults of Options.
const (
	DefaultClient = "signalbox"
	DefaultBuffer = 128 << 20 // a burst of half a million messages of 200 bytes fits, of which nobody has taken any
	DefaultBody   = 8 << 20
)

// Options say how to connect.
type Options struct {
	URL    string      // as the package says
	Client string      // the name of the connections in CLIENT LIST; DefaultClient when empty
	TLS    *tls.Config // for rediss://; nil: the system's certificates
	Buffer int64       // bytes that all channels' feeds may hold together for slow readers; 0 is DefaultBuffer
	Body   int64       // bytes of a payload that are kept, its beginning; 0 is DefaultBody

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
	all, first, err := servers.Connect(ctx, servers.Options{
		URL: o.URL, Client: client, TLS: o.TLS, Cert: o.Cert, Key: o.Key, Authority: o.Authority, Waiting: o.Waiting,
	})
	if err != nil {
		return nil, err
	}
	info := bus.Info{
		Name: all.Name(), Scheme: "redis", Everything: "*", URL: bus.Redact(o.URL), Server: all.Product(),
		Loopback: all.Loopback(ctx, first.Addr),
	}
	all.Identify(ctx, first, &info)
	s := session.Start(all, first, info, cmp.Or(o.Body, DefaultBody))
	b := &Bus{
		client: client, redis: all.Client, servers: all, session: s,
		channels: channels.New(s, cmp.Or(o.Buffer, DefaultBuffer)),
		search:   streams.NewSearch(all), inspector: streams.NewInspector(all),
		groups: groups.New(s), known: newKnown(),
	}
	b.readers = streams.NewReaders(s, b.inspector)
	b.keys = keys.New(s, b.channels, keys.NewSettings(all, o.AllowConfig))
	return b, nil
}
