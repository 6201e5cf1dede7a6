package config

import (
	"net"
	"net/netip"
	"strings"

	"signalbox/bus/glob"
)

// Address is a host, a network or a pattern of hosts, with a port or for all of them.
type Address struct {
	host    string // in lower case
	network netip.Prefix
	port    string
}

// ParseAddress reads shop.example, shop.example:4222, *.prod.example.com, 10.20.0.0/16 or the path of a socket.
func ParseAddress(text string) (Address, bool) {
	if text == "" || strings.ContainsAny(text, " @") || strings.Contains(text, "://") {
		return Address{}, false
	}
	if !strings.HasPrefix(text, "/") && strings.Contains(text, "/") {
		network, err := netip.ParsePrefix(text)
		return Address{network: network.Masked()}, err == nil
	}
	host, port := split(text)
	return Address{host: host, port: port}, host != ""
}

// Matches tells whether an address, host:port or the path of a socket, is marked. All names of this machine are one.
func (p Address) Matches(at string) bool {
	host, port := split(at)
	ip, err := netip.ParseAddr(host)
	if err != nil && host == localhost {
		ip, err = netip.AddrFrom4([4]byte{127, 0, 0, 1}), nil
	}
	switch {
	case p.port != "" && p.port != port:
		return false
	case p.network.IsValid():
		return err == nil && p.network.Contains(ip.Unmap())
	case host == localhost || strings.HasPrefix(at, "/"):
		return p.host == host
	}
	return glob.MatchFold(p.host, host)
}

// Host is the name that is marked, when it is one that has addresses, or a pattern of such names; "" where it is an address
// itself, or names this machine.
func (p Address) Host() (name string, pattern bool) {
	if _, err := netip.ParseAddr(p.host); err == nil || p.host == localhost || strings.HasPrefix(p.host, "/") {
		return "", false
	}
	return p.host, strings.ContainsAny(p.host, "*?[")
}

// At is the mark on an address that its host has. Without a port it says nothing of this machine, where each port is another
// server's.
func (p Address) At(ip netip.Addr) (at Address, ok bool) {
	host, _ := split(ip.String())
	return Address{host: host, port: p.port}, host != localhost || p.port != ""
}

// IP is the address of host:port, unless it names this machine or is a name.
func IP(at string) (netip.Addr, bool) {
	host, _ := split(at)
	ip, err := netip.ParseAddr(host)
	return ip, err == nil
}

// localhost stands for all names of this machine.
const localhost = "localhost"

// split divides an address as it is compared.
func split(at string) (host, port string) {
	if strings.HasPrefix(at, "/") {
		return at, ""
	}
	host, port, err := net.SplitHostPort(at)
	if err != nil {
		host, port = strings.Trim(at, "[]"), ""
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if ip, err := netip.ParseAddr(host); err == nil {
		if ip = ip.Unmap().WithZone(""); ip.IsLoopback() {
			return localhost, port
		}
		return ip.String(), port
	}
	return host, port
}
