package redisbus

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/resp"
)

// Defaults of Options.
const (
	DefaultClient = "signalbox"
	DefaultBuffer = 128 << 20 // a burst of half a million messages of 200 bytes fits, of which nobody has taken any
	DefaultBody   = 8 << 20
)

// Options say how to connect.
type Options struct {
	URL    string      // as the package says
	Client string      // the name of the connections in CLIENT LIST; DefaultClient when empty
	TLS    *tls.Config // for rediss://; nil: the system's certificates
	Buffer int64       // bytes that all channels' feeds may hold together for slow readers; 0 is DefaultBuffer
	Body   int64       // bytes of a payload that are kept, its beginning; 0 is DefaultBody

	// Files in PEM for TLS, over tls_cert, tls_key and tls_ca in the URL: a client's certificate and its key, and the
	// authorities to trust instead of the system's.
	Cert, Key, Authority string

	// AllowConfig is the consent to add to the server's notify-keyspace-events while keys are watched. Close puts
	// back what was there.
	AllowConfig bool

	// Waiting, when not nil, is told why Connect has to wait: the server is still loading its data.
	Waiting func(why string)
}

// Connect connects to a server and waits until it has answered.
func Connect(ctx context.Context, o Options) (*Bus, error) {
	o.Client = cmp.Or(o.Client, DefaultClient)
	o.Buffer, o.Body = cmp.Or(o.Buffer, DefaultBuffer), cmp.Or(o.Body, DefaultBody)
	a, err := parseURL(o.URL)
	if err == nil {
		err = secure(a, o)
	}
	if err != nil {
		return nil, err
	}
	configure(a.server, o)
	b := &Bus{options: o, server: a.server, pace: usualPace, notices: make(chan bus.Notice, 64), ended: make(chan struct{})}
	b.fleet = &fleet{address: a, ask: b.askSentinel}
	b.ctx, b.stop = context.WithCancel(context.Background())
	c, err := b.first(ctx)
	if err != nil {
		b.stop()
		return nil, err
	}
	b.greets = c.Greeting
	b.join(c)
	b.lines, b.search, b.places = newLines(b), newSearch(), newPlaces()
	b.desk, b.consent, b.roll = newDesk(b), newConsent(b), &roll{bus: b}
	b.info = bus.Info{
		Name: b.name(), Scheme: "redis", Everything: "*", URL: bus.Redact(o.URL), Server: c.Greeting.String(),
		Link: bus.Live, Since: time.Now(), Loopback: b.loopback(ctx, c.Addr),
	}
	b.wg.Go(func() { b.watch(b.ctx, c) })
	return b, nil
}

// first makes the first connection. While the server loads its data it waits.
func (b *Bus) first(ctx context.Context) (*resp.Conn, error) {
	said := ""
	for {
		c, err := b.knock(ctx)
		if err == nil && c.Greeting.Mode == "sentinel" {
			c.Close()
			err = fmt.Errorf("connect to %s: it is a Sentinel; write redis+sentinel://%s/ and the name of the master", c.Addr, c.Addr)
		}
		if !fault.Loading(err) || !pause(ctx, waitLoading) {
			return c, err
		}
		if b.options.Waiting != nil && said != err.Error() {
			said = err.Error()
			b.options.Waiting(said)
		}
	}
}

// knock tries the addresses that the URL names until one answers.
func (b *Bus) knock(ctx context.Context) (*resp.Conn, error) {
	if !b.fleet.address.cluster {
		return b.dial(ctx, "")
	}
	var errs []error
	for _, seed := range b.fleet.address.seeds {
		c, err := b.dialAt(ctx, seed)
		if err == nil || errors.Is(err, bus.ErrRefused) {
			return c, err
		}
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}

// join makes go-redis's client. A server of a cluster leads to the others, whatever the URL says.
func (b *Bus) join(c *resp.Conn) {
	a := b.fleet.address
	if a.cluster || c.Greeting.Mode == "cluster" && a.server.Network == "tcp" {
		a.seeds = append(a.seeds, c.Addr)
		b.fleet.cluster = redis.NewClusterClient(clusterOptions(a, b.reach))
		b.client = b.fleet.cluster
		return
	}
	one := *a.server
	one.Dialer = func(ctx context.Context, _, _ string) (net.Conn, error) {
		addr, err := b.fleet.locate(ctx, "")
		if err != nil {
			return nil, err
		}
		return b.reach(ctx, addr)
	}
	b.client = redis.NewClient(&one)
}

// name is what the bus is called: the address, the master's name, or an address with word of its cluster.
func (b *Bus) name() string {
	a := b.fleet.address
	switch {
	case b.fleet.cluster != nil:
		return "cluster " + a.seeds[0]
	case a.server.DB != 0:
		return cmp.Or(a.master, a.server.Addr) + "/" + strconv.Itoa(a.server.DB)
	}
	return cmp.Or(a.master, a.server.Addr)
}

// configure sets what the URL leaves open. Nothing is sent twice by itself: a retry could publish again.
func configure(server *redis.Options, o Options) {
	server.ClientName = o.Client
	server.MaxRetries = -1
	server.DialerRetries = 1
	server.DialTimeout = dialTimeout
	server.ReadTimeout = dialTimeout
	server.WriteTimeout = resp.WriteTimeout
	server.PoolSize = 32
	server.ContextTimeoutEnabled = true
	server.DisableIdentity = true
	server.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
}

// clusterOptions are those of a single server, for each of a cluster.
func clusterOptions(a *address, reach func(context.Context, string) (net.Conn, error)) *redis.ClusterOptions {
	return &redis.ClusterOptions{
		Addrs: a.seeds, ClientName: a.server.ClientName, Username: a.server.Username, Password: a.server.Password,
		Dialer:     func(ctx context.Context, _, addr string) (net.Conn, error) { return reach(ctx, addr) },
		MaxRetries: -1, MaxRedirects: 5, DialerRetries: 1,
		DialTimeout: a.server.DialTimeout, ReadTimeout: a.server.ReadTimeout, WriteTimeout: a.server.WriteTimeout,
		ContextTimeoutEnabled: true, PoolSize: 16, DisableIdentity: true, DisableRoutingPolicies: true,
		ClusterStateReloadInterval: 10 * time.Second, MaintNotificationsConfig: a.server.MaintNotificationsConfig,
	}
}

// loopback tells whether all servers that are known are on this machine.
func (b *Bus) loopback(ctx context.Context, addr string) bool {
	all := append([]string{addr}, b.fleet.address.seeds...)
	if b.fleet.cluster != nil {
		others, err := b.fleet.addresses(ctx)
		if err != nil {
			return false
		}
		all = append(all, others...)
	}
	return loopback(b.server.Network, all...)
}

// loopback tells whether all addresses are on this machine.
func loopback(network string, addrs ...string) bool {
	for _, addr := range addrs {
		host, _, err := net.SplitHostPort(addr)
		ip := net.ParseIP(host)
		if network != "unix" && (err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback())) {
			return false
		}
	}
	return true
}

func init() { redis.SetLogger(quiet{}) }

// quiet keeps go-redis from writing on standard error, over the deck: its errors come back from its calls.
type quiet struct{}

func (quiet) Printf(context.Context, string, ...any) {}
