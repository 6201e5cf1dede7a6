// Package servers finds and reaches the servers behind a URL: one server, the master that Sentinels name, or the masters of a
// cluster. Where a server is gets looked up each time a connection is made, so that connections follow a failover and a
// slot that moved.
//
// All methods may be called from any goroutine. Those with a context block on the network until it ends at the latest.
// They change nothing on a server. A connection belongs to who dialled it.
package servers

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/bus/redisbus/internal/fault"
	"signalbox/bus/redisbus/internal/resp"
)

// Options say which servers, and how to reach them.
type Options struct {
	URL    string
	Client string      // the name of the connections in CLIENT LIST
	TLS    *tls.Config // for rediss://; nil: the system's certificates

	Cert, Key, Authority string // files in PEM, over those in the URL

	Most int64 // bytes of memory that an answer to Client may take

	Waiting func(why string) // when not nil, is told why Connect waits
}

// Servers are the servers behind a URL.
type Servers struct {
	Client redis.UniversalClient // go-redis's, for questions and writing: feeds have connections of their own

	address  *address
	greeting resp.Greeting        // of the server that answered first
	bound    Bound                // as that server says
	most     int64                // bytes of memory that an answer to Client may take
	cluster  *redis.ClusterClient // Client, where it is a cluster; else nil

	mu   sync.Mutex
	home string // the server of a cluster that all share what is not about a key
}

// Connect makes the first connection, which the caller closes.
func Connect(ctx context.Context, o Options) (*Servers, *resp.Conn, error) {
	a, err := parseURL(o.URL)
	if err == nil {
		err = secure(a, o)
	}
	if err != nil {
		return nil, nil, err
	}
	configure(a.server, o.Client)
	s := &Servers{address: a, most: o.Most}
	c, err := s.first(ctx, o.Waiting)
	if err != nil {
		return nil, nil, err
	}
	s.greeting = c.Greeting
	stop := goroutine.AfterFunc(ctx, "what closes a connection", c.Close)
	s.bound, err = askBound(c)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		c.Close()
		return nil, nil, fmt.Errorf("ask %s how many clients it takes: %w", c.Addr, fault.Explain(err))
	}
	s.open(c)
	return s, c, nil
}

// Close closes the connections of Client.
func (s *Servers) Close() error { return s.Client.Close() }

// loadingWait is how long to wait before asking again whether a server has loaded its data.
const loadingWait = 250 * time.Millisecond

// first makes the first connection. It waits while the server loads its data.
func (s *Servers) first(ctx context.Context, waiting func(why string)) (*resp.Conn, error) {
	said := ""
	for {
		c, err := s.tryAll(ctx)
		if err == nil && c.Greeting.Mode == "sentinel" {
			c.Close()
			err = fmt.Errorf("connect to %s: it is a Sentinel; write redis+sentinel://%s/ and the name of the master", c.Addr, c.Addr)
		}
		if err == nil && s.address.cluster && alone(ctx, c) {
			c.Close()
			err = fmt.Errorf("connect to %s: it belongs to no cluster; write redis:// for redis+cluster://", c.Addr)
		}
		if !fault.Loading(err) || !Pause(ctx, loadingWait) {
			return c, err
		}
		if waiting != nil && said != err.Error() {
			said = err.Error()
			waiting(said)
		}
	}
}

// alone tells whether a server says that it can be in no cluster.
func alone(ctx context.Context, c *resp.Conn) bool {
	defer goroutine.AfterFunc(ctx, "what closes a connection", c.Close)()
	_, err := c.FirstWord("CLUSTER", "GETKEYSINSLOT", "0", "1")
	return strings.Contains(fault.Answer(err), "cluster support disabled")
}

// tryAll tries the addresses that the URL names until one answers.
func (s *Servers) tryAll(ctx context.Context) (*resp.Conn, error) {
	if !s.address.cluster {
		return s.Dial(ctx, "")
	}
	var errs []error
	for _, seed := range s.address.seeds {
		c, err := s.DialAt(ctx, seed)
		if err == nil || errors.Is(err, bus.ErrRefused) {
			return c, err
		}
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}

// open makes go-redis's client. A server that says it belongs to a cluster leads to the others, whatever the URL says.
func (s *Servers) open(c *resp.Conn) {
	a := s.address
	if a.cluster || c.Greeting.Mode == "cluster" && a.server.Network == "tcp" {
		a.seeds = append(a.seeds, c.Addr)
		s.cluster = redis.NewClusterClient(clusterOptions(a, s.bound.Pool, s.caught(s.reach)))
		s.Client = s.cluster
		return
	}
	one := *a.server
	one.PoolSize, one.MaxActiveConns, one.PipelinePoolSize = s.bound.Pool, s.bound.Pool, -1
	one.Dialer = s.caught(func(ctx context.Context, _ string) (net.Conn, error) {
		addr, err := s.Locate(ctx, "")
		if err != nil {
			return nil, err
		}
		return s.reach(ctx, addr)
	})
	s.Client = redis.NewClient(&one)
}

// ClientName is what the connections are called in CLIENT LIST.
func (s *Servers) ClientName() string { return s.address.server.ClientName }

// Name is short, for headers: the address, the master's name, or one address of a cluster.
func (s *Servers) Name() string {
	a := s.address
	switch {
	case s.cluster != nil:
		return "cluster " + a.seeds[0]
	case a.server.DB != 0:
		return cmp.Or(a.master, a.server.Addr) + "/" + strconv.Itoa(a.server.DB)
	}
	return cmp.Or(a.master, a.server.Addr)
}

// poolTimeout is how long a question waits for one of the few connections.
const poolTimeout = 15 * time.Second

// configure sets what the URL leaves open. Nothing is sent twice by itself: a retry could publish again.
func configure(server *redis.Options, client string) {
	server.ClientName = client
	server.MaxRetries = -1
	server.DialerRetries = 1
	server.DialTimeout = DialTimeout
	server.ReadTimeout = DialTimeout
	server.WriteTimeout = resp.WriteTimeout
	server.PoolTimeout = poolTimeout
	server.ContextTimeoutEnabled = true
	server.DisableIdentity = true
	server.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
}

// clusterOptions are those of a single server, for each of a cluster.
func clusterOptions(a *address, pool int, reach dialer) *redis.ClusterOptions {
	return &redis.ClusterOptions{
		Addrs: a.seeds, ClientName: a.server.ClientName, Username: a.server.Username, Password: a.server.Password,
		Dialer:     reach,
		MaxRetries: -1, MaxRedirects: 5, DialerRetries: 1,
		DialTimeout: a.server.DialTimeout, ReadTimeout: a.server.ReadTimeout, WriteTimeout: a.server.WriteTimeout,
		ContextTimeoutEnabled: true, PoolSize: pool, MaxActiveConns: pool, PipelinePoolSize: -1, PoolTimeout: poolTimeout, DisableIdentity: true, DisableRoutingPolicies: true,
		ClusterStateReloadInterval: 10 * time.Second, MaintNotificationsConfig: a.server.MaintNotificationsConfig,
	}
}

func init() { redis.SetLogger(quiet{}) }

// quiet keeps go-redis from writing on standard error, over the deck: its errors come back from its calls.
type quiet struct{}

func (quiet) Printf(context.Context, string, ...any) {}
