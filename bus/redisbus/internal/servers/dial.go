package servers

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"
	"time"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/resp"
)

// How long things may take.
const (
	DialTimeout     = 5 * time.Second
	sentinelTimeout = 2 * time.Second
)

// Dial connects to the server that has a key; when key is "", to the one for all that is not about a key.
func (s *Servers) Dial(ctx context.Context, key string) (*resp.Conn, error) {
	addr, err := s.Locate(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("find the server: %w", fault.Explain(err))
	}
	c, err := s.DialAt(ctx, addr)
	if err != nil {
		s.Failed(ctx, addr)
		return nil, err
	}
	if s.address.master != "" {
		defer goroutine.AfterFunc(ctx, "what closes a connection", c.Close)()
		if role, err := c.FirstWord("ROLE"); err == nil && role != "master" {
			c.Close()
			return nil, fmt.Errorf("connect to %s: %w: it is a %s now, and the Sentinels have not settled on a master yet", addr, bus.ErrUnreachable, role)
		}
	}
	return c, nil
}

// DialAt connects to an address, logs in and chooses the database. Its errors are explained by package fault already.
func (s *Servers) DialAt(ctx context.Context, addr string) (*resp.Conn, error) {
	return s.dialAs(ctx, addr, s.address.server.Username, s.address.server.Password, s.address.server.DB)
}

func (s *Servers) dialAs(ctx context.Context, addr, user, password string, db int) (*resp.Conn, error) {
	raw, err := s.reach(ctx, addr)
	if err != nil {
		if ctx.Err() == nil {
			err = unreached(err)
		}
		return nil, fmt.Errorf("connect to %s: %w", addr, fault.Explain(err))
	}
	c := resp.NewConn(raw, addr, DialTimeout)
	stop := goroutine.AfterFunc(ctx, "what closes a connection", c.Close)
	c.Greeting, err = greet(c, user, password, s.address.server.ClientName, db)
	if !stop() {
		err = ctx.Err() // what closed it
	}
	if err != nil {
		c.Close()
		config := s.address.server.TLSConfig
		anonymous := config != nil && len(config.Certificates) == 0
		return nil, fmt.Errorf("connect to %s: %w", addr, ungreeted(err, anonymous))
	}
	return c, nil
}

// errSilent says that a server took the connection and did not answer the greeting of TLS: one of Redis without TLS waits for
// the end of what it takes for a command.
var errSilent = errors.New("the server does not answer as TLS does; where it has none, write redis:// for rediss://")

// unreached explains why there is no connection.
func unreached(err error) error {
	var plain tls.RecordHeaderError
	var unknown x509.UnknownAuthorityError
	var other x509.HostnameError
	var invalid x509.CertificateInvalidError
	explained := fault.Explain(err)
	switch {
	case errors.As(err, &plain):
		return fmt.Errorf("%w: the server has no TLS there; write redis:// for rediss://", bus.ErrUnreachable)
	case errors.As(err, &unknown):
		return fmt.Errorf("%w: the server's certificate is signed by nobody who is trusted here; name the authority's file as tls_ca", bus.ErrUnreachable)
	case errors.As(err, &other):
		names := slices.Clone(other.Certificate.DNSNames)
		for _, ip := range other.Certificate.IPAddresses {
			names = append(names, ip.String())
		}
		return fmt.Errorf("%w: the server's certificate is for %s, and not for %s; where that is the end of a tunnel, skip_verify=true in the URL takes it",
			bus.ErrUnreachable, cmp.Or(strings.Join(names, ", "), "nobody"), other.Host)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && time.Now().After(invalid.Cert.NotAfter):
		return fmt.Errorf("%w: the server's certificate expired on %s", bus.ErrUnreachable, invalid.Cert.NotAfter.Format(time.DateTime))
	case errors.Is(explained, bus.ErrUnreachable):
		return explained
	}
	return fmt.Errorf("%w: %w", bus.ErrUnreachable, bus.InWords(err)) // TLS
}

// ungreeted explains why a server could not be greeted: whatever it answers instead, it refuses. One that wants a certificate of
// its clients says so only after their side of TLS is done, and closes: what it said may be gone with the connection.
func ungreeted(err error, anonymous bool) error {
	explained := fault.Explain(err)
	answer := fault.Answer(err)
	switch known := errors.Is(explained, bus.ErrRefused) || errors.Is(explained, bus.ErrUnreachable); {
	case anonymous && fault.Broken(err):
		return fmt.Errorf("%w: %w; does the server want a client's certificate (tls_cert and tls_key in the URL)?", bus.ErrUnreachable, bus.InWords(err))
	case errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET):
		return fmt.Errorf("%w: %w; is it a Redis server, and is TLS (rediss://) right?", bus.ErrUnreachable, bus.InWords(err))
	case strings.Contains(answer, "DB index is out of range"):
		return errors.New("the server has no database of that number; write a lower one, as in redis://host:6379/0")
	case answer != "" && !known:
		return fmt.Errorf("%w: the server answers the greeting with %q", bus.ErrRefused, answer)
	}
	return explained
}

// reach opens a connection, with TLS where the URL says so, and sends nothing.
func (s *Servers) reach(ctx context.Context, addr string) (net.Conn, error) {
	dialer := &net.Dialer{Timeout: DialTimeout, KeepAlive: 15 * time.Second}
	if s.address.server.TLSConfig == nil {
		return dialer.DialContext(ctx, s.address.server.Network, addr)
	}
	raw, err := dialer.DialContext(ctx, s.address.server.Network, addr)
	if err != nil {
		return nil, err
	}
	host, _, _ := net.SplitHostPort(addr)
	conn := tls.Client(raw, tlsFor(s.address.server.TLSConfig, host))
	greeting, cancel := context.WithTimeout(ctx, DialTimeout)
	defer cancel()
	if err = conn.HandshakeContext(greeting); err == nil {
		return conn, nil
	}
	_ = raw.Close()
	if greeting.Err() != nil && ctx.Err() == nil {
		err = errSilent
	}
	return nil, err
}

// dial connects to an address.
type dial func(ctx context.Context, addr string) (net.Conn, error)

// dialer is dial as go-redis calls it.
type dialer = func(ctx context.Context, network, addr string) (net.Conn, error)

// caught is reach as go-redis calls it, on goroutines of its own: its panic is caught, and what go-redis would make room for
// unseen is refused.
func (s *Servers) caught(reach dial) dialer {
	return func(ctx context.Context, _, addr string) (conn net.Conn, err error) {
		err = bus.ErrUnreachable // after a panic
		goroutine.Call("what connects to Redis", func() { conn, err = reach(ctx, addr) })
		if err != nil {
			return nil, err
		}
		return resp.Guard(conn, s.most), nil
	}
}

// askSentinel asks a Sentinel for a list of texts.
func (s *Servers) askSentinel(ctx context.Context, addr string, args ...string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, sentinelTimeout)
	defer cancel()
	c, err := s.dialAs(ctx, addr, s.address.sentinelUser, s.address.sentinelPassword, 0)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	defer goroutine.AfterFunc(ctx, "what closes a connection", c.Close)()
	if err := c.Send(args...); err != nil {
		return nil, err
	}
	n, err := c.In.Array()
	var words []string
	for range n {
		if err != nil {
			break
		}
		var word string
		word, err = c.In.Text()
		words = append(words, word)
	}
	return words, err
}
