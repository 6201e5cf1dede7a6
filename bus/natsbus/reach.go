package natsbus

import (
	"cmp"
	"net"
	"net/url"
	"slices"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
)

// reach is what connecting by a URL would reach and read.
func reach(text string) (bus.Reach, error) {
	o := Options{URL: text}
	servers, err := o.parse()
	if err != nil {
		return bus.Reach{}, err
	}
	r := bus.Reach{Addresses: addresses(servers), Local: loopback(servers)}
	for _, s := range servers {
		u, err := url.Parse(s)
		r.Secret = r.Secret || err != nil || u.User != nil
	}
	for _, file := range []string{o.Credentials, o.NKey, o.Authority, o.Cert, o.Key} {
		if file != "" {
			r.Files = append(r.Files, file)
		}
	}
	return r, nil
}

// ports are those that URLs leave out.
var ports = map[string]string{"nats": "4222", "tls": "4222", "ws": "80", "wss": "443"}

// addresses are host:port of servers, each once.
func addresses(servers []string) []string {
	var all []string
	for _, s := range servers {
		u, err := url.Parse(s)
		if err != nil || u.Hostname() == "" {
			continue
		}
		if a := net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), ports[u.Scheme])); !slices.Contains(all, a) {
			all = append(all, a)
		}
	}
	return all
}

// identify notes which server was reached, and what it says of itself. What was reached before stays noted.
func (b *Bus) identify(conn *nats.Conn) {
	if b.info.Embedded {
		return
	}
	reached := append(addresses([]string{conn.ConnectedUrl()}), conn.ConnectedAddr())
	for _, a := range reached {
		if a != "" && !slices.Contains(b.info.Addresses, a) {
			b.info.Addresses = append(slices.Clone(b.info.Addresses), a)
		}
	}
	b.info.Identity = nil
	for _, what := range []bus.Identity{
		{What: "server name", Value: conn.ConnectedServerName()}, {What: "cluster", Value: conn.ConnectedClusterName()},
		{What: "JetStream domain", Value: conn.ConnectedDomain()}, {What: "server id", Value: conn.ConnectedServerId()},
	} {
		if what.Value != "" {
			b.info.Identity = append(b.info.Identity, what)
		}
	}
	if state, is := b.routes.Encryption(); is && b.info.Loopback && len(state.PeerCertificates) > 0 {
		b.info.Foreign = bus.ForeignName(state.PeerCertificates[0])
		b.info.Loopback = b.info.Foreign == ""
	}
}
