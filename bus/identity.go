package bus

import (
	"crypto/x509"
	"net"
	"os"
	"slices"
	"strings"
)

// Identity is something that a server says of itself, by which it is known whatever address leads to it.
type Identity struct {
	What       string // "server name", "cluster", "run_id"
	Value      string
	Production bool // the server says by it that it is production
}

// ForeignName is a name in a server's certificate that is another machine's; "" when there is none. A port of this machine
// that shows such a certificate is the end of a tunnel. Names of a single word say little: they count where no name is this
// machine's.
func ForeignName(c *x509.Certificate) string {
	names := slices.Clone(c.DNSNames)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 && c.Subject.CommonName != "" {
		names = []string{c.Subject.CommonName}
	}
	own, weak := false, ""
	for _, name := range names {
		ip := net.ParseIP(name)
		switch {
		case isOwn(name, ip):
			own = true
		case ip == nil && strings.ContainsAny(name, ".*"), ip != nil && !ip.IsPrivate():
			return name
		default:
			weak = name
		}
	}
	if own {
		return ""
	}
	return weak
}

// isOwn tells whether a name in a certificate, or an address, is this machine's.
func isOwn(name string, ip net.IP) bool {
	if ip != nil {
		return ip.IsLoopback()
	}
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if name == "localhost" || strings.HasSuffix(name, ".localhost") || strings.HasSuffix(name, ".localdomain") {
		return true
	}
	host, err := os.Hostname()
	return err == nil && strings.EqualFold(name, host)
}
