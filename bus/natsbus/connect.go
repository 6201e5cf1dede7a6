package natsbus

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus"
)

// Options say how to connect.
type Options struct {
	URL       string                     // one, or several of one cluster separated by commas: nats://, tls://, ws://, wss://
	Name      string                     // for people; the first address when empty
	InProcess nats.InProcessConnProvider // a server in this process, instead of URL
	Buffer    int                        // bytes a feed may hold for a slow reader; 0 is DefaultBuffer, and DefaultBacklog for core subjects
	AllowAll  bool                       // read > and the like although the server has JetStream; see Stations
}

// Bounds of what a feed holds when its reader is slower than the broker.
const (
	DefaultBuffer  = 4 << 20  // where the broker keeps what does not fit
	DefaultBacklog = 64 << 20 // where what does not fit is lost
)

// connectTimeout bounds one attempt to reach one server, also when reconnecting.
const connectTimeout = 5 * time.Second

// Connect connects to a NATS server. A server that cannot be reached or refuses is an error now; one that goes away
// later is waited for until Close.
func Connect(ctx context.Context, o Options) (*Bus, error) {
	servers, err := parseServers(o)
	if err != nil {
		return nil, err
	}
	b := newBus(o, servers)
	stop := context.AfterFunc(ctx, b.end)
	b.conn, err = nats.Connect(strings.Join(servers, ","), b.settings()...)
	if !stop() && err == nil {
		b.conn.Close()
		err = ctx.Err()
	}
	if err != nil {
		b.end()
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return nil, fmt.Errorf("connect to %s: %w", b.info.URL, b.explain(err))
	}
	if b.jetstream, err = jetstream.New(b.conn); err != nil {
		_ = b.Close()
		return nil, fmt.Errorf("connect to %s: %w", b.info.URL, err)
	}
	b.connected()
	return b, nil
}

func (b *Bus) settings() []nats.Option {
	settings := []nats.Option{
		nats.Name("signalbox"),
		nats.Timeout(connectTimeout),
		nats.MaxReconnects(-1),
		nats.IgnoreAuthErrorAbort(),
		nats.CustomReconnectDelay(reconnectDelay),
		nats.ReconnectBufSize(-1), // a message sent while the server is away fails, rather than going out much later
		nats.PingInterval(20 * time.Second),
		nats.SetCustomDialer(dialer{b.life}),
		nats.SkipHostLookup(), // the dialer looks up, with a context
		nats.DisconnectErrHandler(b.disconnected),
		nats.ReconnectHandler(b.reconnected),
		nats.ReconnectErrHandler(b.notReconnected),
		nats.ClosedHandler(b.closed),
		nats.ErrorHandler(b.asyncError),
	}
	if b.info.Loopback {
		// Sending is armed because all servers are on this machine: do not wander off to others of their cluster.
		settings = append(settings, nats.IgnoreDiscoveredServers())
	}
	if b.options.InProcess != nil {
		settings = append(settings, nats.InProcessServer(b.options.InProcess))
	}
	return settings
}

// reconnectDelay waits longer after each time that all servers were tried, so that a restart costs little and a long
// outage no load.
func reconnectDelay(attempts int) time.Duration {
	return min(50*time.Millisecond<<min(attempts, 6), 2*time.Second)
}

// dialer dials until the bus ends.
type dialer struct{ life context.Context }

func (d dialer) Dial(network, address string) (net.Conn, error) {
	n := net.Dialer{Timeout: connectTimeout}
	return n.DialContext(d.life, network, address)
}

// parseServers checks URLs here because errors of the client library would show them whole.
func parseServers(o Options) ([]string, error) {
	if o.InProcess != nil {
		return nil, nil
	}
	var servers []string
	for part := range strings.SplitSeq(o.URL, ",") {
		text := strings.TrimSpace(part)
		if !strings.Contains(text, "://") {
			text = "nats://" + text
		}
		u, err := url.Parse(text)
		if err != nil || u.Hostname() == "" {
			return nil, fmt.Errorf("NATS address %q: want nats://[user:password@]host[:4222]", bus.Redact(part))
		}
		switch u.Scheme {
		case "nats", "tls", "ws", "wss":
		default:
			return nil, fmt.Errorf("NATS address %q: %s:// is none of nats, tls, ws, wss", bus.Redact(part), u.Scheme)
		}
		servers = append(servers, text)
	}
	return servers, nil
}

// loopback tells whether all servers are on this machine.
func loopback(servers []string) bool {
	for _, s := range servers {
		u, err := url.Parse(s)
		if err != nil {
			return false
		}
		ip := net.ParseIP(u.Hostname())
		if u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return false
		}
	}
	return true
}

// explain says in words why a connection failed, and wraps what callers ask for.
func (b *Bus) explain(err error) error {
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%w: %w", bus.ErrUnreachable, err)
	case errors.Is(err, nats.ErrAuthorization), errors.Is(err, nats.ErrAuthExpired), errors.Is(err, nats.ErrAuthRevoked),
		errors.Is(err, nats.ErrAccountAuthExpired):
		return fmt.Errorf("%w: the server does not accept these credentials (%w)", bus.ErrRefused, err)
	case errors.Is(err, nats.ErrNoServers):
		return fmt.Errorf("%w: no server answers there; is one running?", bus.ErrUnreachable)
	default:
		return fmt.Errorf("%w: %w", bus.ErrUnreachable, err)
	}
}
