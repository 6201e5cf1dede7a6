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
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/resp"
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
func (b *Bus) dial(ctx context.Context, key string) (*resp.Conn, error) {
	addr, err := b.fleet.locate(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("find the server: %w", fault.Explain(err))
	}
	c, err := b.dialAt(ctx, addr)
	if err != nil {
		b.fleet.failed(ctx, addr)
		return nil, err
	}
	if b.fleet.address.master != "" {
		defer context.AfterFunc(ctx, c.Close)()
		if role, err := c.FirstWord("ROLE"); err == nil && role != "master" {
			c.Close()
			return nil, fmt.Errorf("connect to %s: %w: it is a %s now, and the Sentinels have not settled on a master yet", addr, bus.ErrUnreachable, role)
		}
	}
	return c, nil
}

// dialAt connects, authenticates and chooses the database. Its errors are graded.
func (b *Bus) dialAt(ctx context.Context, addr string) (*resp.Conn, error) {
	return b.dialAs(ctx, addr, b.server.Username, b.server.Password, b.server.DB)
}

func (b *Bus) dialAs(ctx context.Context, addr, user, password string, db int) (*resp.Conn, error) {
	raw, err := b.reach(ctx, addr)
	if err != nil {
		if err = fault.Explain(err); !errors.Is(err, bus.ErrUnreachable) && ctx.Err() == nil { // TLS
			err = fmt.Errorf("%w: %w", bus.ErrUnreachable, err)
		}
		return nil, fmt.Errorf("connect to %s: %w", addr, err)
	}
	c := resp.NewConn(raw, addr, dialTimeout)
	stop := context.AfterFunc(ctx, c.Close)
	c.Greeting, err = greet(c, user, password, b.server.ClientName, db)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		c.Close()
		if config := b.server.TLSConfig; config != nil && len(config.Certificates) == 0 && fault.Broken(err) && ctx.Err() == nil {
			err = fmt.Errorf("%w; does the server want a client's certificate (tls_cert and tls_key in the URL)?", fault.Explain(err))
		}
		return nil, fmt.Errorf("connect to %s: %w", addr, fault.Explain(err))
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
	defer c.Close()
	defer context.AfterFunc(ctx, c.Close)()
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

// greet says who we are. Servers before Redis 6 do not know HELLO.
func greet(c *resp.Conn, user, password, name string, db int) (resp.Greeting, error) {
	args := []string{"2"} // of the protocol
	if password != "" {
		if user == "" {
			user = "default"
		}
		args = append(args, "AUTH", user, password)
	}
	said, err := c.Hello(append(args, "SETNAME", name)...)
	var refused resp.Error
	if errors.As(err, &refused) && (strings.HasPrefix(string(refused), "ERR unknown command") || strings.HasPrefix(string(refused), "NOPROTO")) {
		said, err = resp.Greeting{Product: "redis"}, nil
		if password != "" {
			err = c.Do("AUTH", password)
		}
		if err == nil {
			_ = c.Do("CLIENT", "SETNAME", name)
		}
	}
	if err == nil && db != 0 {
		err = c.Do("SELECT", strconv.Itoa(db))
	}
	if err != nil {
		return resp.Greeting{}, err
	}
	// A server that still loads its data greets, but answers hardly anything else.
	if err := c.Do("PING"); fault.Loading(err) {
		return resp.Greeting{}, loading(c)
	} else if err != nil && !fault.Refused(err) {
		return resp.Greeting{}, err
	}
	return said, nil
}
