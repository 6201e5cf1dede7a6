package natsbus

import (
	"cmp"
	"net"
	"net/url"
	"slices"

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
