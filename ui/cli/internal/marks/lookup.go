package marks

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"signalbox/bus"
	"signalbox/ui/cli/internal/config"
)

// Resolver looks up names and addresses; *net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
	LookupAddr(ctx context.Context, address string) (names []string, err error)
}

// lookUpTime is how long all that is looked up for a bus may take.
const lookUpTime = time.Second

// LookUp finds out which addresses the marked hosts have, so that a mark holds for a bus that is named by its address, or by
// another name of it. It is called for a bus before Of is. It returns the hosts whose addresses could not be found out.
func (m *Marks) LookUp(ctx context.Context, r Resolver, info bus.Info) (unknown []string) {
	if info.Embedded || !slices.ContainsFunc(info.Addresses, isAddress) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookUpTime)
	defer cancel()
	for _, a := range slices.Clone(m.addresses) {
		switch host, pattern := a.pattern.Host(); {
		case host == "" || a.host != "":
		case pattern:
			m.lookUpNames(ctx, r, a, info.Addresses)
		case !m.lookUpHost(ctx, r, a, host) && !slices.Contains(unknown, host):
			unknown = append(unknown, host)
		}
	}
	return unknown
}

func isAddress(at string) bool {
	_, ok := config.IP(at)
	host, _, err := net.SplitHostPort(at)
	return ok || err == nil && (host == "localhost" || strings.HasPrefix(host, "127.") || host == "::1")
}

// lookUpHost marks the addresses of a host that is marked.
func (m *Marks) lookUpHost(ctx context.Context, r Resolver, a address, host string) bool {
	all, err := r.LookupNetIP(ctx, "ip", host)
	for _, ip := range all {
		if at, ok := a.pattern.At(ip); ok {
			m.add(address{pattern: at, name: a.name, host: host, where: a.where})
		}
	}
	return err == nil
}

// lookUpNames marks those addresses of a bus that have a name like a pattern that is marked.
func (m *Marks) lookUpNames(ctx context.Context, r Resolver, a address, addresses []string) {
	for _, at := range addresses {
		ip, ok := config.IP(at)
		if !ok {
			continue
		}
		_, port, _ := net.SplitHostPort(at)
		names, _ := r.LookupAddr(ctx, ip.String()) // many addresses have no name
		for _, name := range names {
			if here, ok := a.pattern.At(ip); ok && a.pattern.Matches(net.JoinHostPort(strings.TrimSuffix(name, "."), port)) {
				m.add(address{pattern: here, name: a.name, host: strings.TrimSuffix(name, "."), where: a.where})
			}
		}
	}
}

// add adds a mark that is not there yet.
func (m *Marks) add(a address) {
	if !slices.Contains(m.addresses, a) {
		m.addresses = append(m.addresses, a)
	}
}
