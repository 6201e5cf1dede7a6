package redisbus

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"signalbox/bus"
)

// Defaults of Options.
const (
	DefaultClient = "signalbox"
	DefaultBuffer = 64 << 20
	DefaultBody   = 8 << 20
)

// Options say how to connect.
type Options struct {
	URL    string      // redis://, rediss:// or unix://, with user, password and database
	Client string      // the name of the connections in CLIENT LIST; DefaultClient when empty
	TLS    *tls.Config // for rediss://; nil: the system's certificates
	Buffer int64       // bytes that all channels' feeds may hold together for slow readers; 0 is DefaultBuffer
	Body   int64       // bytes of a payload that are kept, its beginning; 0 is DefaultBody
}

// Connect connects to a server and waits until it has answered.
func Connect(ctx context.Context, o Options) (*Bus, error) {
	o.Client = either(o.Client, DefaultClient)
	o.Buffer, o.Body = either(o.Buffer, DefaultBuffer), either(o.Body, DefaultBody)
	server, err := parseURL(o.URL)
	if err != nil {
		return nil, err
	}
	configure(server, o)
	b := &Bus{options: o, server: server, notices: make(chan bus.Notice, 64), ended: make(chan struct{})}
	b.ctx, b.stop = context.WithCancel(context.Background())
	c, hello, err := b.dial(ctx)
	if err != nil {
		b.stop()
		return nil, err
	}
	b.greets = hello
	b.client = redis.NewClient(server)
	b.line = newLine(b)
	b.search, b.places = newSearch(), newPlaces()
	b.info = bus.Info{
		Name: server.Addr, Scheme: "redis", URL: bus.Redact(o.URL), Server: hello.String(),
		Link: bus.Live, Since: time.Now(), Loopback: loopback(server),
	}
	if server.DB != 0 {
		b.info.Name += "/" + strconv.Itoa(server.DB)
	}
	b.wg.Go(func() { b.watch(b.ctx, c) })
	return b, nil
}

func either[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}

// parseURL reads the URL. What the parser says of a URL with a password is not repeated: it may hold part of it.
func parseURL(text string) (*redis.Options, error) {
	server, err := redis.ParseURL(text)
	switch {
	case err == nil:
		return server, nil
	case strings.Contains(text, "@"):
		return nil, errors.New("the URL cannot be read; want redis://user:password@host:6379/0, rediss:// or unix://, " +
			"with the characters / ? # @ : % of a password written as %2F %3F %23 %40 %3A %25")
	}
	var syntax *url.Error
	if errors.As(err, &syntax) { // it repeats the whole URL
		err = syntax.Err
	}
	return nil, fmt.Errorf("the URL %q cannot be read (%w); want redis://host:6379/0, rediss://host or unix:///path", bus.Redact(text), err)
}

// configure sets what the URL leaves open. Nothing is sent twice by itself: a retry could publish again.
func configure(server *redis.Options, o Options) {
	server.ClientName = o.Client
	if server.TLSConfig != nil && o.TLS != nil {
		config := o.TLS.Clone()
		config.ServerName = either(config.ServerName, server.TLSConfig.ServerName)
		server.TLSConfig = config
	}
	server.MaxRetries = -1
	server.DialerRetries = 1
	server.DialTimeout = dialTimeout
	server.ReadTimeout = dialTimeout
	server.WriteTimeout = writeTimeout
	server.PoolSize = 32
	server.ContextTimeoutEnabled = true
	server.DisableIdentity = true
	server.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
}

// loopback tells whether the address is on this machine.
func loopback(server *redis.Options) bool {
	if server.Network == "unix" {
		return true
	}
	host, _, err := net.SplitHostPort(server.Addr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (g greeting) String() string {
	return strings.TrimSpace(either(g.product, "redis") + " " + g.version)
}

// numbers are the first two of the version; 0 where it is unknown, as before Redis 6.
func (g greeting) numbers() (major, minor int) {
	first, rest, _ := strings.Cut(g.version, ".")
	second, _, _ := strings.Cut(rest, ".")
	major, _ = strconv.Atoi(first)
	minor, _ = strconv.Atoi(second)
	return major, minor
}

func init() { redis.SetLogger(quiet{}) }

// quiet keeps go-redis from writing on standard error, over the deck: its errors come back from its calls.
type quiet struct{}

func (quiet) Printf(context.Context, string, ...any) {}
