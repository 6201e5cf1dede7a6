package natsbus

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
)

// explain says in words why a connection, anonymous or not, failed, and wraps what callers ask for.
func explain(err error, anonymous bool) error {
	var reading *net.OpError
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%w: %w", bus.ErrUnreachable, bus.InWords(err))
	case errors.Is(err, nats.ErrAuthorization) && anonymous:
		return fmt.Errorf("%w: the server wants to know who connects; say user:password@ or a token before the host, or creds= or nkey= after it", bus.ErrRefused)
	case errors.Is(err, nats.ErrAuthorization), errors.Is(err, nats.ErrAuthRevoked):
		return fmt.Errorf("%w: the server does not accept these credentials (%w)", bus.ErrRefused, err)
	case errors.Is(err, nats.ErrAuthExpired), errors.Is(err, nats.ErrAccountAuthExpired):
		return fmt.Errorf("%w: the credentials have expired (%w)", bus.ErrRefused, err)
	case errors.Is(err, nats.ErrNkeysNotSupported), errors.Is(err, nats.ErrNkeyButNoSigCB):
		return fmt.Errorf("%w: the server does not ask for an NKey (%w)", bus.ErrRefused, err)
	case errors.Is(err, nats.ErrNoServers):
		return fmt.Errorf("%w: no server answers there; is one running?", bus.ErrUnreachable)
	case errors.Is(err, io.EOF) && !errors.Is(err, nats.ErrTLS):
		return fmt.Errorf("%w: the server hung up without a greeting; it may want TLS at once (tls_first=true)", bus.ErrUnreachable)
	case !errors.Is(err, nats.ErrTLS) && (errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET)):
		return fmt.Errorf("%w: the server hung up at once; it may take no more connections", bus.ErrUnreachable)
	case errors.Is(err, nats.ErrNoInfoReceived):
		return fmt.Errorf("%w: whoever listens there does not speak as a NATS server does", bus.ErrUnreachable)
	case strings.HasPrefix(err.Error(), malformedHTTP), strings.HasPrefix(err.Error(), noWebsocket):
		return fmt.Errorf("%w: no websocket answers there; is it the port for nats:// or tls://?", bus.ErrUnreachable)
	case errors.As(err, &reading) && reading.Op == "read" && reading.Timeout():
		return fmt.Errorf("%w: whoever listens there says nothing; is it a NATS server, and not the port for ws:// or wss://?", bus.ErrUnreachable)
	}
	if encryption := explainTLS(err); encryption != nil {
		return encryption
	}
	return fmt.Errorf("%w: %w", bus.ErrUnreachable, bus.InWords(err))
}

// What errors that have no type begin with: of net/http and nats.go about an answer that is none of theirs.
const (
	malformedHTTP = "malformed HTTP"
	noWebsocket   = "invalid websocket connection"
)

// tlsAlert is the operation of errors that the other side of TLS reports.
const tlsAlert = "remote error"

// explainTLS says what is wrong with certificates, or returns nil.
func explainTLS(err error) error {
	var invalid x509.CertificateInvalidError
	var unknown x509.UnknownAuthorityError
	var other x509.HostnameError
	var record tls.RecordHeaderError
	var remote *net.OpError
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return fmt.Errorf("%w: %s", bus.ErrUnreachable, expired(invalid.Cert))
	case errors.As(err, &unknown):
		return fmt.Errorf("%w: the server's certificate is signed by nobody who is trusted here; name the authority's file as tls_ca", bus.ErrUnreachable)
	case errors.As(err, &other):
		return fmt.Errorf("%w: the server's certificate is not for %s but for %s", bus.ErrUnreachable, other.Host, certified(other.Certificate))
	case errors.As(err, &record):
		return fmt.Errorf("%w: the server does not begin with TLS", bus.ErrUnreachable)
	case errors.As(err, &remote) && remote.Op == tlsAlert && strings.Contains(remote.Error(), "certificate required"):
		return fmt.Errorf("%w: the server wants a client certificate; name its files as tls_cert and tls_key", bus.ErrRefused)
	case errors.As(err, &remote) && remote.Op == tlsAlert && strings.Contains(remote.Error(), "certificate"):
		return fmt.Errorf("%w: the server does not accept the client certificate (%w)", bus.ErrRefused, remote.Err)
	case errors.Is(err, nats.ErrTLS) && strings.Contains(err.Error(), "closed by remote"):
		return fmt.Errorf("%w: the server hung up after the TLS handshake, as it does without a client certificate that it accepts (tls_cert, tls_key)", bus.ErrRefused)
	case errors.Is(err, nats.ErrSecureConnWanted):
		return fmt.Errorf("%w: the server has no TLS there; write nats:// for tls://", bus.ErrUnreachable)
	default:
		return nil
	}
}

// expired says since when a certificate, or from when on it will be, valid.
func expired(c *x509.Certificate) string {
	if c != nil && time.Now().Before(c.NotBefore) {
		return "the server's certificate is valid only from " + c.NotBefore.Format(time.DateTime)
	}
	if c != nil {
		return "the server's certificate expired on " + c.NotAfter.Format(time.DateTime)
	}
	return "the server's certificate has expired"
}

// certified lists whom a certificate is for.
func certified(c *x509.Certificate) string {
	names := append([]string{}, c.DNSNames...)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	return cmp.Or(strings.Join(names, ", "), "nobody")
}

// fileError is what is wrong with a file, without its path, which the caller has said.
func fileError(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
