package servers

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"fmt"

	"signalbox/bus/disk"
)

// maxAuthorities bounds a file of certificates; those that systems have are a few hundred KiB large.
const maxAuthorities = 8 << 20

// secure completes the TLS configuration of an address: Options.TLS comes before what the URL says, and the files that
// either names are read.
func secure(a *address, o Options) error {
	cert, key, authority := cmp.Or(o.Cert, a.cert), cmp.Or(o.Key, a.key), cmp.Or(o.Authority, a.authority)
	if a.server.TLSConfig == nil {
		if cert+key+authority != "" {
			return fmt.Errorf("certificates are given, but the URL does not ask for TLS: write rediss:// for redis://")
		}
		return nil
	}
	if o.TLS != nil {
		config := o.TLS.Clone()
		config.ServerName = cmp.Or(config.ServerName, a.server.TLSConfig.ServerName)
		a.server.TLSConfig = config
	}
	config := a.server.TLSConfig
	if a.seeds != nil && (o.TLS == nil || o.TLS.ServerName == "") {
		config.ServerName = "" // each server has a name of its own
	}
	if cert != "" || key != "" {
		pair, err := disk.KeyPair(cert, key)
		if err != nil {
			return fmt.Errorf("read the client's certificate %q and key %q: %w; both are PEM files", cert, key, err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	if authority == "" {
		return nil
	}
	text, err := disk.Read(authority, maxAuthorities)
	if err != nil {
		return fmt.Errorf("read the certificates of the authority: %w", err)
	}
	config.RootCAs = x509.NewCertPool()
	if !config.RootCAs.AppendCertsFromPEM(text) {
		return fmt.Errorf("read the certificates of the authority: %s has none in PEM", authority)
	}
	return nil
}

// tlsFor is the TLS configuration for one host.
func tlsFor(config *tls.Config, host string) *tls.Config {
	if config.ServerName != "" {
		return config
	}
	config = config.Clone()
	config.ServerName = host
	return config
}
