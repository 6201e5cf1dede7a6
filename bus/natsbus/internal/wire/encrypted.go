package wire

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/nats-io/nats.go"
)

// encrypted is how a connection is encrypted. The client library, which would do so itself, would read below what bounds it.
type encrypted struct {
	by       *tls.Conn // nil: it is not; set while nobody reads or writes
	failed   error     // why it could not be
	state    *tls.ConnectionState
	settling atomic.Bool // the library connects: the server has not accepted us yet
}

// handshakeTime bounds a handshake that the client library sets no time for, as that before a WebSocket.
const handshakeTime = 5 * time.Second

// Encrypt has the newest connection be encrypted from now on. It is for whoever the client library asks to connect, and waits
// for the server. If it fails, reading and writing fail with its error, too, which wraps nats.ErrTLS as the library's own would.
func (r *Routes) Encrypt(config *tls.Config) error {
	r.mu.Lock()
	c := r.newest
	r.mu.Unlock()
	by := tls.Client(c.Conn, config)
	if !c.encrypted.settling.Load() {
		_ = c.Conn.SetDeadline(time.Now().Add(handshakeTime)) // where it cannot be set, the handshake fails by itself
		defer func() { _ = c.Conn.SetDeadline(time.Time{}) }()
	}
	if err := by.Handshake(); err != nil {
		return c.fail(err)
	}
	c.greeting.rest = nil
	state := by.ConnectionState()
	r.mu.Lock()
	defer r.mu.Unlock()
	c.encrypted.by, c.encrypted.state = by, &state
	return nil
}

// CannotEncrypt is Encrypt where it is known why that fails.
func (r *Routes) CannotEncrypt(why error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.newest.fail(why)
}

func (c *conn) fail(why error) error {
	c.encrypted.failed = fmt.Errorf("%w: %w", nats.ErrTLS, why)
	return c.encrypted.failed
}

// Encryption tells how the newest connection is encrypted, if it is.
func (r *Routes) Encryption() (state tls.ConnectionState, encrypted bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.newest == nil || r.newest.encrypted.state == nil {
		return tls.ConnectionState{}, false
	}
	return *r.newest.encrypted.state, true
}

// stream is the connection as one reads and writes it.
func (c *conn) stream() net.Conn {
	if c.encrypted.by != nil {
		return c.encrypted.by
	}
	return c.Conn
}

// plain reads what came, when it was decrypted.
type plain struct{ *conn }

func (p plain) Read(b []byte) (int, error) {
	if p.encrypted.failed != nil {
		return 0, p.encrypted.failed
	}
	return p.stream().Read(b)
}

// Write writes to the server.
func (c *conn) Write(b []byte) (int, error) {
	if c.encrypted.failed != nil {
		return 0, c.encrypted.failed
	}
	n, err := c.stream().Write(b)
	return n, c.explain(err)
}

// Close closes the connection.
func (c *conn) Close() error { return c.stream().Close() }

// SetDeadline bounds reading and writing. The client library sets it while it connects, and only then.
func (c *conn) SetDeadline(t time.Time) error {
	c.encrypted.settling.Store(!t.IsZero())
	return c.Conn.SetDeadline(t)
}

// explain says of a connection that was encrypted and ends before the server has accepted us what the client library would: a
// client's certificate is refused so.
func (c *conn) explain(err error) error {
	if err == nil || c.encrypted.by == nil || !c.encrypted.settling.Load() {
		return err
	}
	if errors.Is(err, io.EOF) || errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET) {
		return fmt.Errorf("%w: connection closed by remote after TLS handshake: %w", nats.ErrTLS, err)
	}
	return err
}
