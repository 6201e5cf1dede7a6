package servers

import (
	"slices"

	"signalbox/bus"
)

// Reach is what connecting by a URL would reach and read. Sentinels and the servers of a cluster name others.
func Reach(url string) (bus.Reach, error) {
	a, err := parseURL(url)
	if err != nil {
		return bus.Reach{}, err
	}
	r := bus.Reach{Addresses: a.named()}
	r.Local = a.seeds == nil && a.server.Network != "unix" && loopback(a.server.Network, a.server.Addr)
	r.Secret = a.server.Username+a.server.Password+a.sentinelUser+a.sentinelPassword != ""
	for _, file := range []string{a.authority, a.cert, a.key} {
		if file != "" {
			r.Files = append(r.Files, file)
		}
	}
	return r, nil
}

// named are the addresses that a URL names.
func (a *address) named() []string {
	if a.seeds != nil {
		return slices.Clone(a.seeds)
	}
	return []string{a.server.Addr}
}
