package redisbus

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"signalbox/bus"
)

// How long things may take. A connection that is silent for pulseEvery is asked for a sign of life and given up when
// none comes within as long again.
const (
	dialTimeout = 5 * time.Second
	pulseEvery  = 5 * time.Second

	sentinelTimeout = 2 * time.Second
	waitLoading     = 250 * time.Millisecond
)

// dial connects to the server that has a key, or to the one for what is not about a key when that is "".
func (b *Bus) dial(ctx context.Context, key string) (*conn, error) {
	addr, err := b.fleet.locate(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("find the server: %w", graded(err))
	}
	c, err := b.dialAt(ctx, addr)
	if err != nil {
		b.fleet.failed(ctx, addr)
		return nil, err
	}
	if b.fleet.address.master != "" {
		defer context.AfterFunc(ctx, c.close)()
		if role, err := c.first("ROLE"); err == nil && role != "master" {
			c.close()
			return nil, fmt.Errorf("connect to %s: %w: it is a %s now, and the Sentinels have not settled on a master yet", addr, bus.ErrUnreachable, role)
		}
	}
	return c, nil
}

// dialAt connects, authenticates and chooses the database. Its errors are graded.
func (b *Bus) dialAt(ctx context.Context, addr string) (*conn, error) {
	return b.dialAs(ctx, addr, b.server.Username, b.server.Password, b.server.DB)
}

func (b *Bus) dialAs(ctx context.Context, addr, user, password string, db int) (*conn, error) {
	raw, err := b.reach(ctx, addr)
	if err != nil {
		if err = graded(err); !errors.Is(err, bus.ErrUnreachable) && ctx.Err() == nil { // TLS
			err = fmt.Errorf("%w: %w", bus.ErrUnreachable, err)
		}
		return nil, fmt.Errorf("connect to %s: %w", addr, err)
	}
	c := newConn(raw, addr, dialTimeout)
	stop := context.AfterFunc(ctx, c.close)
	c.said, err = greet(c, user, password, b.server.ClientName, db)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		c.close()
		if config := b.server.TLSConfig; config != nil && len(config.Certificates) == 0 && isBroken(err) && ctx.Err() == nil {
			err = fmt.Errorf("%w; does the server want a client's certificate (tls_cert and tls_key in the URL)?", graded(err))
		}
		return nil, fmt.Errorf("connect to %s: %w", addr, graded(err))
	}
	return c, nil
}

// reach opens a connection and does no more.
func (b *Bus) reach(ctx context.Context, addr string) (net.Conn, error) {
	dialer := &net.Dialer{Timeout: dialTimeout, KeepAlive: 15 * time.Second}
	if b.server.TLSConfig == nil {
		return dialer.DialContext(ctx, b.server.Network, addr)
	}
	host, _, _ := net.SplitHostPort(addr)
	return (&tls.Dialer{NetDialer: dialer, Config: tlsFor(b.server.TLSConfig, host)}).DialContext(ctx, b.server.Network, addr)
}

// askSentinel asks a Sentinel for a list of words.
func (b *Bus) askSentinel(ctx context.Context, addr string, args ...string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, sentinelTimeout)
	defer cancel()
	c, err := b.dialAs(ctx, addr, b.fleet.address.sentinelUser, b.fleet.address.sentinelPassword, 0)
	if err != nil {
		return nil, err
	}
	defer c.close()
	defer context.AfterFunc(ctx, c.close)()
	if err := c.send(args...); err != nil {
		return nil, err
	}
	n, err := c.in.array()
	var words []string
	for range n {
		if err != nil {
			break
		}
		var word string
		word, err = c.in.text()
		words = append(words, word)
	}
	return words, err
}

// greet says who we are. Servers before Redis 6 do not know HELLO.
func greet(c *conn, user, password, name string, db int) (greeting, error) {
	args := []string{"2"} // of the protocol
	if password != "" {
		if user == "" {
			user = "default"
		}
		args = append(args, "AUTH", user, password)
	}
	said, err := c.hello(append(args, "SETNAME", name)...)
	var refused replyError
	if errors.As(err, &refused) && (strings.HasPrefix(string(refused), "ERR unknown command") || strings.HasPrefix(string(refused), "NOPROTO")) {
		said, err = greeting{product: "redis"}, nil
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
	// A server that still loads its data greets, but answers hardly anything else.
	if err := c.do("PING"); isLoading(err) {
		return greeting{}, loading(c)
	} else if err != nil && !isRefusal(err) {
		return greeting{}, err
	}
	return said, nil
}
