package redisbus

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"signalbox/bus"
)

// How long things may take. A connection that is silent for pulseEvery is asked for a sign of life and given up when
// none comes within as long again.
const (
	dialTimeout  = 5 * time.Second
	writeTimeout = 5 * time.Second
	pulseEvery   = 5 * time.Second
)

// conn is a connection that this package reads by itself: go-redis reads replies into maps and one allocation for
// each string, which loses the order of an entry's fields and half of the throughput.
type conn struct {
	net   net.Conn
	in    reader
	out   []byte
	pulse func() error // asks for a sign of life; nil: silence for longer than limit breaks the connection
	limit time.Duration
}

// greeting is what a server says of itself.
type greeting struct{ product, version, mode string }

// dial connects, authenticates and chooses the database. Its errors are graded.
func (b *Bus) dial(ctx context.Context) (*conn, greeting, error) {
	raw, err := b.reach(ctx)
	if err != nil {
		if err = graded(err); !errors.Is(err, bus.ErrUnreachable) && ctx.Err() == nil { // TLS
			err = fmt.Errorf("%w: %w", bus.ErrUnreachable, err)
		}
		return nil, greeting{}, fmt.Errorf("connect to %s: %w", b.server.Addr, err)
	}
	c := &conn{net: raw, limit: dialTimeout}
	c.in = newReader(c)
	stop := context.AfterFunc(ctx, c.close)
	hello, err := c.greet(b.server.Username, b.server.Password, b.server.ClientName, b.server.DB)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		c.close()
		return nil, greeting{}, fmt.Errorf("connect to %s: %w", b.server.Addr, graded(err))
	}
	return c, hello, nil
}

func (b *Bus) reach(ctx context.Context) (net.Conn, error) {
	dialer := &net.Dialer{Timeout: dialTimeout, KeepAlive: 15 * time.Second}
	if b.server.TLSConfig == nil {
		return dialer.DialContext(ctx, b.server.Network, b.server.Addr)
	}
	return (&tls.Dialer{NetDialer: dialer, Config: b.server.TLSConfig}).DialContext(ctx, b.server.Network, b.server.Addr)
}

// greet says who we are. Servers before Redis 6 do not know HELLO.
func (c *conn) greet(user, password, name string, db int) (greeting, error) {
	args := []string{"HELLO", "2"}
	if password != "" {
		if user == "" {
			user = "default"
		}
		args = append(args, "AUTH", user, password)
	}
	hello, err := c.hello(append(args, "SETNAME", name))
	var refused replyError
	if errors.As(err, &refused) && (strings.HasPrefix(string(refused), "ERR unknown command") || strings.HasPrefix(string(refused), "NOPROTO")) {
		hello, err = greeting{product: "redis"}, nil
		if password != "" {
			err = c.do("AUTH", password)
		}
		if err == nil {
			_ = c.do("CLIENT", "SETNAME", name)
		}
	}
	if err == nil && db != 0 {
		err = c.do("SELECT", strconv.Itoa(db))
	}
	if err != nil {
		return greeting{}, err
	}
	// A server that still loads its data greets, but answers nothing else.
	if err := c.do("PING"); err != nil && !isRefusal(err) {
		return greeting{}, err
	}
	return hello, nil
}

func (c *conn) hello(args []string) (greeting, error) {
	var g greeting
	if err := c.send(args...); err != nil {
		return g, err
	}
	n, err := c.in.array()
	for range n / 2 {
		if err != nil {
			break
		}
		var name, value string
		if name, err = c.in.text(); err == nil {
			value, err = c.in.text()
		}
		switch name {
		case "server":
			g.product = value
		case "version":
			g.version = value
		case "mode":
			g.mode = value
		}
	}
	return g, err
}

// do sends a command and reads an answer of which only a refusal matters.
func (c *conn) do(args ...string) error {
	if err := c.send(args...); err != nil {
		return err
	}
	t, err := c.in.next()
	if err != nil {
		return err
	}
	if t.kind == '-' {
		return replyError(t.text)
	}
	return c.in.skip(t, 0)
}

// queue adds a command to what flush sends.
func (c *conn) queue(args ...string) {
	c.out = append(c.out, '*')
	c.out = strconv.AppendInt(c.out, int64(len(args)), 10)
	c.out = append(c.out, "\r\n"...)
	for _, arg := range args {
		c.out = append(c.out, '$')
		c.out = strconv.AppendInt(c.out, int64(len(arg)), 10)
		c.out = append(c.out, "\r\n"...)
		c.out = append(c.out, arg...)
		c.out = append(c.out, "\r\n"...)
	}
}

func (c *conn) flush() error {
	if err := c.net.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	_, err := c.net.Write(c.out)
	c.out = c.out[:0]
	return err
}

func (c *conn) send(args ...string) error {
	c.queue(args...)
	return c.flush()
}

// Read is what the reader reads from: it makes silence an error, after asking once for a sign of life.
func (c *conn) Read(p []byte) (int, error) {
	for asked := c.pulse == nil; ; asked = true {
		if err := c.net.SetReadDeadline(time.Now().Add(c.limit)); err != nil {
			return 0, err
		}
		n, err := c.net.Read(p)
		if n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) || asked {
			return n, err
		}
		if err := c.pulse(); err != nil {
			return 0, err
		}
	}
}

func (c *conn) close() { _ = c.net.Close() }
