package natsbus

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nuid"

	"signalbox/bus/goroutine"
	"signalbox/bus/natsbus/internal/subjects"
	"signalbox/bus/natsbus/internal/wire"
)

// connectTimeout bounds one attempt to reach one server, also when reconnecting.
const connectTimeout = 5 * time.Second

// pingInterval is how often a silent connection is tried: one that stalls is given up after three of them.
const pingInterval = 5 * time.Second

// Connect connects to a NATS server. A server that cannot be reached or refuses is an error now; one that goes away
// later is waited for until Close.
func Connect(ctx context.Context, o Options) (*Bus, error) {
	servers, err := o.parse()
	if err != nil {
		return nil, err
	}
	b := newBus(o, servers)
	settings, err := b.settings(servers)
	if err != nil {
		b.end()
		return nil, fmt.Errorf("connect to %s: %w", b.info.URL, err)
	}
	stop := goroutine.AfterFunc(ctx, "what closes a connection", b.end)
	conn, err := nats.Connect(strings.Join(servers, ","), settings...)
	if !stop() && err == nil {
		conn.Close()
		err = ctx.Err()
	}
	if err != nil {
		b.end()
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return nil, fmt.Errorf("connect to %s: %w", b.info.URL, explain(err, o.anonymous()))
	}
	if err := b.assemble(conn); err != nil {
		b.end()
		conn.Close()
		return nil, fmt.Errorf("connect to %s: %w", b.info.URL, err)
	}
	b.established(conn)
	b.connected()
	close(b.ready)
	return b, nil
}

// settings are those of the client library: our own, then what the options say of credentials and TLS.
func (b *Bus) settings(servers []string) ([]nats.Option, error) {
	identity, err := b.options.identity()
	if err != nil {
		return nil, err
	}
	events := events{b}
	settings := []nats.Option{
		nats.Name("signalbox"),
		nats.Timeout(connectTimeout),
		nats.MaxReconnects(-1),
		nats.IgnoreAuthErrorAbort(),
		nats.CustomReconnectDelay(reconnectDelay),
		nats.ReconnectBufSize(-1), // a message sent while the server is away fails, rather than going out much later
		nats.PingInterval(pingInterval),
		nats.MaxPingsOutstanding(2),
		nats.SkipHostLookup(), // the dialer looks up, with a context
		nats.DisconnectErrHandler(withError(events.disconnected)),
		nats.ReconnectHandler(caught(events.reconnected)),
		nats.ReconnectErrHandler(withError(events.notReconnected)),
		nats.ClosedHandler(caught(events.closed)),
		nats.LameDuckModeHandler(caught(events.lameDuck)),
		nats.ErrorHandler(func(conn *nats.Conn, sub *nats.Subscription, err error) {
			goroutine.Call(handlers, func() { events.asyncError(conn, sub, err) })
		}),
	}
	if b.info.Loopback {
		// Sending is armed because all servers are on this machine: do not wander off to others of their cluster.
		settings = append(settings, nats.IgnoreDiscoveredServers())
	}
	if b.options.InProcess != nil {
		settings = append(settings, nats.InProcessServer(inProcess{b.options.InProcess, &b.routes}))
	}
	return append(append(settings, identity...), b.ownInboxes, b.ownDialer(servers)), nil
}

// ownInboxes has all answers to this connection come below one prefix of its own, by which its questions are told from
// those of others, and those of any session from those of applications.
func (b *Bus) ownInboxes(o *nats.Options) error {
	prefix := subjects.SessionInboxes(cmp.Or(o.InboxPrefix, strings.TrimSuffix(nats.InboxPrefix, ".")), nuid.Next())
	b.routes.Inboxes(prefix + ".")
	return nats.CustomInboxPrefix(prefix)(o)
}

// reconnectDelay waits longer after each time that all servers were tried, so that a restart costs little and a long
// outage no load.
func reconnectDelay(attempts int) time.Duration {
	return min(50*time.Millisecond<<min(attempts, 6), 2*time.Second)
}

// inProcess connects to a server in this process.
type inProcess struct {
	server nats.InProcessConnProvider
	routes *wire.Routes
}

func (p inProcess) InProcessConn() (net.Conn, error) {
	conn, err := p.server.InProcessConn()
	if err != nil {
		return nil, err
	}
	return p.routes.Wrap(conn), nil
}
