package memphisbus

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
	"signalbox/bus/memphisbus/internal/names"
	"signalbox/bus/natsbus"
)

// Options say how to connect.
type Options struct {
	URL    string      // see the package; several servers of one cluster are separated by commas
	Budget *bus.Budget // that all feeds draw on; nil is one of the bus's own
	Buffer int         // bytes a feed may hold of it for a slow reader; 0 is natsbus.DefaultBuffer
	Body   int64       // bytes of a payload that are kept, its beginning; 0 is bus.DefaultBody
}

// The ports that URLs leave out: of Memphis, and of Memphis 0.x, where a token stands alone.
const (
	usualPort = "6666"
	oldPort   = "7766"
)

// clientName is what Memphis is told of this program: a connection token of Memphis 1.x needs the user behind it.
const clientName = "signalbox"

// Connect connects to a Memphis server. Where nothing shows that it is one, the URL is believed, and a notice says so.
func Connect(ctx context.Context, o Options) (*Bus, error) {
	below, err := o.nats()
	if err != nil {
		return nil, err
	}
	inner, err := natsbus.Connect(ctx, below)
	if err != nil {
		return nil, names.Reworded(err, strings.ReplaceAll(err.Error(), "nats://", scheme+"://"))
	}
	known := version(ctx, inner)
	if known != "" {
		return assemble(inner, "Memphis "+known), nil
	}
	b := assemble(inner, "Memphis on "+inner.Info().Server)
	b.notices.Add(bus.Warn, "", "nothing that this user may see says that the server is Memphis: the URL says so")
	return b, nil
}

// nats are the options by which natsbus connects. Errors repeat nothing of the URL but what may be shown.
func (o *Options) nats() (natsbus.Options, error) {
	out := natsbus.Options{Budget: o.Budget, Buffer: o.Buffer, Body: o.Body}
	var servers []string
	for part := range strings.SplitSeq(o.URL, ",") {
		u, err := url.Parse(strings.TrimSpace(part))
		if err != nil || u.Scheme != scheme || u.Hostname() == "" {
			return out, fmt.Errorf("memphis address %q: want memphis://user:password@host[:6666]", bus.Redact(part))
		}
		port := usualPort
		if u.User != nil {
			if _, has := u.User.Password(); !has && !u.Query().Has("token") {
				port = oldPort
			}
		}
		if u.Port() == "" {
			u.Host = net.JoinHostPort(u.Hostname(), port)
		}
		if settings, ok := token(u); ok {
			out.Client = settings
		}
		u.Scheme = "nats"
		servers = append(servers, u.String())
	}
	out.URL = strings.Join(servers, ",")
	return out, nil
}

// token takes the parameter token out of a URL, with the user it goes with: Memphis 1.x looks for that in the client's name.
func token(u *url.URL) (settings []nats.Option, ok bool) {
	query := u.Query()
	if !query.Has("token") {
		return nil, false
	}
	settings = []nats.Option{nats.Token(query.Get("token"))}
	if u.User != nil {
		settings = append(settings, nats.Name(clientName+"::"+u.User.Username()))
	}
	query.Del("token")
	u.RawQuery, u.User = query.Encode(), nil
	return settings, true
}

// reach is what connecting by a URL would reach and read.
func reach(text string) (bus.Reach, error) {
	o := Options{URL: text}
	below, err := o.nats()
	if err != nil {
		return bus.Reach{}, err
	}
	r, err := natsbus.Broker.Reach(below.URL)
	r.Secret = r.Secret || below.Client != nil
	return r, err
}
