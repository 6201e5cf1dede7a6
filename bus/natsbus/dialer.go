package natsbus

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/bus/natsbus/internal/wire"
)

// dialer dials until the bus ends, and encrypts where the client library is about to: what is read must be seen in clear. The
// library calls it from one goroutine at a time.
type dialer struct {
	life    context.Context
	routes  *wire.Routes
	via     nats.CustomDialer // a proxy's, of a context; nil is none
	socket  bool              // the servers are WebSockets
	own     []string          // addresses of the servers that were named
	address string            // that was dialed last
	named   string            // the host that was dialed last by a name

	atOnce     bool        // encrypted before anything is said
	config     *tls.Config // nil: none was given
	identities nats.TLSCertHandler
	roots      func() (*x509.CertPool, error)
}

// ownDialer is the last setting: it has a dialer of ours go by what the others say of TLS and proxies.
func (b *Bus) ownDialer(servers []string) nats.Option {
	return func(o *nats.Options) error {
		d := &dialer{life: b.life, routes: &b.routes, via: o.CustomDialer, own: addresses(servers)}
		d.socket = len(servers) > 0 && strings.HasPrefix(servers[0], "ws") // all are: the library takes no others with them
		d.config, d.identities, d.roots = o.TLSConfig, o.TLSCertCB, o.RootCAsCB
		o.CustomDialer, o.Compression = d, false
		if d.socket && (o.Secure || o.TLSHandshakeFirst || d.config != nil || d.identities != nil || d.roots != nil || slices.ContainsFunc(servers, secureSocket)) {
			d.atOnce = true
			o.Servers = unencrypted(servers)
			o.Secure, o.TLSHandshakeFirst, o.TLSConfig, o.TLSCertCB, o.RootCAsCB = false, false, nil, nil, nil
		}
		return nil
	}
}

func secureSocket(server string) bool { return strings.HasPrefix(server, "wss:") }

// unencrypted are WebSockets as the client library is to see them: it does not bear that it is not the one that encrypts them.
func unencrypted(servers []string) []string {
	var all []string
	for _, s := range servers {
		if u, err := url.Parse(s); err == nil && secureSocket(s) {
			u.Scheme, u.Host = "ws", addresses([]string{s})[0]
			s = u.String()
		}
		all = append(all, strings.TrimSuffix(s, "/"))
	}
	return all
}

// Dial connects to an address.
func (d *dialer) Dial(network, address string) (conn net.Conn, err error) {
	err = bus.ErrUnreachable // after a panic
	goroutine.Call("what connects to NATS", func() {
		if conn, err = d.dial(network, address); err != nil {
			return
		}
		d.address = address
		if d.socket {
			conn = d.routes.WrapSocket(conn)
		} else {
			conn = d.routes.Wrap(conn)
		}
		if d.atOnce {
			if err = d.encrypt(); err != nil {
				_ = conn.Close()
			}
		}
	})
	return conn, err
}

func (d *dialer) dial(network, address string) (net.Conn, error) {
	if d.via != nil {
		return d.via.Dial(network, address)
	}
	n := net.Dialer{Timeout: connectTimeout}
	return n.DialContext(d.life, network, address)
}

// SkipTLSHandshake encrypts the connection that was dialed last, and tells the client library that it need not: it asks when it
// would.
func (d *dialer) SkipTLSHandshake() bool {
	if via, is := d.via.(interface{ SkipTLSHandshake() bool }); is && via.SkipTLSHandshake() {
		return true
	}
	goroutine.Call("what connects to NATS", func() { _ = d.encrypt() }) // reading and writing fail with its error
	return true
}

func (d *dialer) encrypt() error {
	config, err := d.encryption()
	if err != nil {
		return d.routes.CannotEncrypt(err)
	}
	return d.routes.Encrypt(config)
}

// encryption is what the client library would make of its settings.
func (d *dialer) encryption() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if d.config != nil {
		config = d.config.Clone()
	}
	if d.identities != nil {
		cert, err := d.identities()
		if err != nil {
			return nil, fmt.Errorf("the client's certificate: %w", err)
		}
		config.Certificates = []tls.Certificate{cert}
	}
	if d.roots != nil {
		roots, err := d.roots()
		if err != nil {
			return nil, fmt.Errorf("the authority's certificates: %w", err)
		}
		config.RootCAs = roots
	}
	if config.ServerName == "" {
		config.ServerName = d.name()
	}
	return config, nil
}

// name is whom the server's certificate is to be for: what it was dialed by. Of a server of which another has told by its number
// it is the name of the cluster's that was dialed last.
func (d *dialer) name() string {
	host, _, err := net.SplitHostPort(d.address)
	if err != nil {
		return d.address
	}
	switch {
	case net.ParseIP(host) == nil:
		d.named = host
	case slices.Contains(d.own, d.address):
		d.named = ""
	case d.named != "":
		return d.named
	}
	return host
}
