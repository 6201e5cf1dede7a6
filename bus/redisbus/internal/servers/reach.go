package servers

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/resp"
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

// Marker is the key by which whoever runs a server says that it is production. Its value is the name to show.
const Marker = "signalbox:production"

// identifyTimeout bounds the questions of Identify.
const identifyTimeout = 2 * time.Second

// Identify notes in info which server a connection has reached, and what the server says of itself. What it does not tell,
// or refuses to, is left out.
func (s *Servers) Identify(ctx context.Context, c *resp.Conn, info *bus.Info) {
	ctx, cancel := context.WithTimeout(ctx, identifyTimeout)
	defer cancel()
	addresses := append(slices.Clone(info.Addresses), s.address.named()...)
	addresses = append(addresses, c.Addr, c.Remote())
	slices.Sort(addresses)
	info.Addresses = slices.DeleteFunc(slices.Compact(addresses), func(a string) bool { return a == "" })
	info.Identity = nil
	if id := s.runID(ctx); id != "" {
		info.Identity = append(info.Identity, bus.Identity{What: "run_id", Value: id})
	}
	if s.address.master != "" {
		info.Identity = append(info.Identity, bus.Identity{What: "master name", Value: s.address.master})
	}
	if name, there := s.marker(ctx, c); there {
		info.Identity = append(info.Identity, bus.Identity{What: "key " + Marker, Value: name, Production: true})
	}
	if certificate := c.Certificate(); certificate != nil && info.Loopback {
		info.Foreign = bus.ForeignName(certificate)
		info.Loopback = info.Foreign == ""
	}
}

// marker tells whether the server has the key that says that it is production, in the session's database or in the first one, and
// its value.
func (s *Servers) marker(ctx context.Context, c *resp.Conn) (name string, there bool) {
	name, err := s.Client.Get(ctx, Marker).Result()
	if err == nil || strings.HasPrefix(err.Error(), wrongType) {
		return name, true
	}
	if s.Database() == 0 || c.Do("SELECT", "0") != nil {
		return "", false
	}
	defer func() { _ = c.Do("SELECT", strconv.Itoa(s.Database())) }()
	if c.Send("GET", Marker) != nil {
		return "", false
	}
	t, err := c.In.Next()
	if err != nil || t.Kind != '$' || t.N < 0 {
		return "", err == nil && strings.HasPrefix(string(t.Text), wrongType)
	}
	value, _, err := c.In.Bulk(t.N, mostMarker)
	return string(value), err == nil
}

// wrongType begins the refusal to get a key that is there and holds no text.
const wrongType = "WRONGTYPE"

// mostMarker bounds the value of Marker that is looked at.
const mostMarker = 1 << 10

// runID is what a server calls itself until it is restarted.
func (s *Servers) runID(ctx context.Context) string {
	text, err := s.Client.Info(ctx, "server").Bytes()
	if err != nil {
		return ""
	}
	return infoField(text, "run_id")
}
