package servers

import (
	"context"
	"fmt"
	"net"
	"strings"

	"signalbox/bus/redisbus/internal/fault"
)

// Product is the product and version of the servers, as far as they tell.
func (s *Servers) Product() string { return s.greeting.String() }

// Loopback tells whether all servers that are known are on this machine.
func (s *Servers) Loopback(ctx context.Context, addr string) bool {
	all := append([]string{addr}, s.address.seeds...)
	if s.cluster != nil {
		others, err := s.Addresses(ctx)
		if err != nil {
			return false
		}
		all = append(all, others...)
	}
	return loopback(s.address.server.Network, all...)
}

// loopback tells whether all addresses are on this machine.
func loopback(network string, addrs ...string) bool {
	for _, addr := range addrs {
		host, _, err := net.SplitHostPort(addr)
		ip := net.ParseIP(host)
		if network != "unix" && (err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback())) {
			return false
		}
	}
	return true
}

// AtLeast tells whether the server is of that version or later. Valkey counts on from 7.2.
func (s *Servers) AtLeast(major, minor int) bool {
	a, m := s.greeting.Numbers()
	return a > major || a == major && m >= minor
}

// LocalAddress tells whether an address is on this machine.
func (s *Servers) LocalAddress(addr string) bool { return loopback(s.address.server.Network, addr) }

// Database is the number of the database that connections use.
func (s *Servers) Database() int { return s.address.server.DB }

// User is the user in the URL; "" when there is none.
func (s *Servers) User() string { return s.address.server.Username }

// Encrypted tells whether connections use TLS.
func (s *Servers) Encrypted() bool { return s.address.server.TLSConfig != nil }

// Clustered tells whether the servers are a cluster.
func (s *Servers) Clustered() bool { return s.cluster != nil }

// Mode says in words how many servers there are, and which.
func (s *Servers) Mode(ctx context.Context) (string, error) {
	switch {
	case s.cluster != nil:
		all, err := s.Addresses(ctx)
		if err != nil {
			return "", fmt.Errorf("cluster: %w", err)
		}
		return fmt.Sprintf("cluster of %d masters: %s", len(all), strings.Join(all, ", ")), nil
	case s.address.master != "":
		addr, err := s.Locate(ctx, "")
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("sentinel: %s is at %s, as %s say", s.address.master, addr, strings.Join(s.address.seeds, ", ")), nil
	}
	return "standalone", nil
}

// TypeOf is the type of a key as Redis names it; "none" where there is no such key.
func (s *Servers) TypeOf(ctx context.Context, key string) (string, error) {
	kind, err := s.Client.Type(ctx, key).Result()
	if err != nil {
		return "", fmt.Errorf("ask what %s is: %w", key, fault.Explain(err))
	}
	return kind, nil
}
