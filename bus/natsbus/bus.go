// Package natsbus is the bus on NATS: core subjects, JetStream streams, key-value buckets, services. Connect makes one.
//
// All methods of a Bus may be called from any goroutine. Those with a context wait for the server until the context ends, and
// for each answer five seconds at most; the others do not wait, but for Close, which waits for all goroutines of the bus. Only
// Publish, Request, Work, Make, Put and Pull write.
//
// How a station is read depends on what it is, so that looking disturbs nobody:
//
//   - A stream with limits, and a bucket, by an ordered consumer: in memory, without acknowledgements, removed on Close
//     and by the server itself soon after a session that crashed. Nothing is lost: a slow reader holds its pulls back,
//     and after an outage reading goes on at the next sequence. Where a stream or the account may have only so many
//     consumers, by single gets: the session takes nobody's place.
//   - A work-queue or interest stream never by a consumer, which would take messages away or hold them back: what it
//     holds by single gets, what comes by core subscriptions to its subjects. See package feeds. What comes while
//     the connection is down, and is taken by a worker, is never seen: that is reported as a Gap.
//   - A service by core subscriptions to the subjects of its endpoints, beside it and outside its queue group, while it answers;
//     replies by the inboxes where they are awaited, each paired with its request. On a server with JetStream those of whoever was
//     seen to ask, since all inboxes would be those of waiting pulls, too.
//   - Any other name by a core subscription, which has no history: what is missed is counted or reported as a Gap. Its
//     messages do not go through the client library. See package wire.
//
// Headers come sorted by name: the client library does not keep their order.
//
// How to connect is said by Options or, on the command line, by the URL: user, password or token before the host, and
// after a ? what Options has fields for, joined by &:
//
//	creds=FILE     a user's JWT and seed, as nsc writes them
//	nkey=FILE      a user's seed
//	tls_ca=FILE    the authority that the server's certificate is signed by
//	tls_cert=FILE  the client's certificate, with tls_key=FILE
//	tls_first=true TLS at once, before the server's greeting
//	domain=NAME    the JetStream domain; api=PREFIX and inbox=PREFIX where an account has others than usual
package natsbus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/consumers"
	"signalbox/bus/natsbus/internal/core"
	"signalbox/bus/natsbus/internal/deadletters"
	"signalbox/bus/natsbus/internal/examine"
	"signalbox/bus/natsbus/internal/feeds"
	"signalbox/bus/natsbus/internal/jsapi"
	"signalbox/bus/natsbus/internal/levers"
	"signalbox/bus/natsbus/internal/send"
	"signalbox/bus/natsbus/internal/stations"
	"signalbox/bus/natsbus/internal/wire"
)

// Bus is a connection to a NATS server or cluster. It implements all capabilities of package bus.
type Bus struct {
	options Options
	notices *bus.NoticeBuffer
	routes  wire.Routes
	life    context.Context // ends with Close
	end     context.CancelFunc
	ready   chan struct{} // closed when the parts below are there
	gone    chan struct{} // closed when the client library has called back for the last time
	full    atomic.Bool   // it was said that the server takes no more subscriptions
	trip    time.Duration // to the server and back; only Connect and then events use it

	mu   sync.Mutex
	info bus.Info

	core        *core.Client
	js          *jsapi.Client
	feeds       *feeds.Set
	stations    *stations.Lister
	deadLetters *deadletters.Log
	consumers   *consumers.Lister
	sender      *send.Sender
	levers      *levers.Levers
}

func newBus(o Options, servers []string) *Bus {
	b := &Bus{options: o, notices: bus.NewNoticeBuffer(), ready: make(chan struct{}), gone: make(chan struct{})}
	b.life, b.end = context.WithCancel(context.Background())
	b.routes.Body = int(cmp.Or(o.Body, bus.DefaultBody))
	if b.options.Budget == nil {
		b.options.Budget = bus.NewBudget(bus.DefaultBudget)
	}
	b.info = bus.Info{Name: o.Name, Scheme: "nats", Everything: ">", Loopback: loopback(servers), Embedded: o.InProcess != nil,
		Addresses: addresses(servers)}
	for _, s := range servers {
		b.info.URL += bus.Redact(s) + ","
	}
	b.info.URL = strings.TrimSuffix(b.info.URL, ",")
	if b.info.Embedded {
		b.info.URL = "the embedded server"
	}
	if b.info.Name == "" {
		_, b.info.Name, _ = strings.Cut(b.info.URL, "://")
		b.info.Name, _, _ = strings.Cut(b.info.Name, ",")
	}
	return b
}

// assemble makes the parts of the bus, once it has a connection.
func (b *Bus) assemble(conn *nats.Conn) error {
	b.core = core.New(conn)
	b.core.Why = b.routes.Refused
	var err error
	if b.js, err = jsapi.New(b.core, jsapi.Where{Domain: b.options.Domain, Prefix: b.options.APIPrefix}, b.routes.Body); err != nil {
		return err
	}
	b.feeds = feeds.New(&feeds.Client{
		Core: b.core, Streams: b.js, Routes: &b.routes, Notices: b.notices, AllowAll: b.options.AllowAll,
		Budget: b.options.Budget, Buffer: b.options.Buffer, Body: b.routes.Body,
	})
	b.stations = stations.New(b.core, b.js, b.options.AllowAll, b.feeds)
	b.deadLetters = deadletters.New(b.core, b.js, b.feeds)
	b.consumers = consumers.New(b.js, b.deadLetters, b.feeds)
	b.sender = send.New(b.core, b.js, b.stations, b.feeds)
	b.levers = levers.New(b.core, b.js, b.stations, b.sender)
	return nil
}

// Info tells what is known without asking.
func (b *Bus) Info() bus.Info {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.info
}

// Notices delivers what the user should know.
func (b *Bus) Notices() <-chan bus.Notice { return b.notices.Notices() }

// Close ends all feeds and the connection.
func (b *Bus) Close() error {
	b.end()
	b.feeds.Close()
	b.core.Conn.Close()
	<-b.gone
	b.deadLetters.Wait()
	return nil
}

// Open starts reading a station.
func (b *Bus) Open(ctx context.Context, station bus.Station, from bus.From) (bus.Feed, error) {
	err := b.readable(ctx, station)
	if err == nil {
		var f bus.Feed
		if f, err = b.feeds.Open(ctx, station, from); err == nil {
			return f, nil
		}
	}
	return nil, fmt.Errorf("open %s %s: %w", station.Kind, station.Name, err)
}

// readable says why a station cannot be read.
func (b *Bus) readable(ctx context.Context, station bus.Station) error {
	switch station.Kind {
	case bus.Stream, bus.Bucket:
		return nil
	case bus.Service:
		if !station.Readable {
			return fmt.Errorf("it cannot be read (%s)", station.Reading)
		}
		return nil
	case bus.Subject:
		s, err := b.stations.Subject(ctx, station.Name)
		if err == nil && !s.Readable {
			err = errors.New(s.Reading)
		}
		return err
	default:
		return fmt.Errorf("it cannot be read (%s)", station.Reading)
	}
}

// Stations lists what can be read; see package stations for what a name means. On a server with JetStream a subject such as >
// is not Readable, unless Options.AllowAll.
func (b *Bus) Stations(ctx context.Context, names ...string) ([]bus.Station, error) {
	return b.stations.List(ctx, names...)
}

// Consumers lists the JetStream consumers of all streams that are not the system's, without those of this session.
func (b *Bus) Consumers(ctx context.Context) ([]bus.Consumer, error) { return b.consumers.List(ctx) }

// Standing judges how far a consumer is with a message.
func (b *Bus) Standing(c bus.Consumer, subject string, at bus.Position) (standing bus.Standing, who string) {
	return b.consumers.Standing(c, subject, at)
}

// DeadLetters returns what consumers gave up, or refused, since this was first asked, and what is stuck now.
func (b *Bus) DeadLetters(ctx context.Context) ([]bus.DeadLetter, error) {
	return b.deadLetters.List(ctx)
}

// Publish sends a message. A stream that takes its subject must store it; where there is none it goes to whoever listens.
func (b *Bus) Publish(ctx context.Context, out bus.Outgoing) (bus.Receipt, error) {
	return b.sender.Publish(ctx, out)
}

// Request sends a message and waits for the first answer.
func (b *Bus) Request(ctx context.Context, out bus.Outgoing) (answer bus.Message, took time.Duration, err error) {
	return b.sender.Request(ctx, out)
}

// Levers lists what can be done to a consumer, a station, or the server. What the server is too old for is left out.
func (b *Bus) Levers(on bus.Target) []bus.Lever { return b.levers.List(on) }

// Pull does what a lever says.
func (b *Bus) Pull(ctx context.Context, on bus.Target, lever string, values map[string]string) (string, error) {
	return b.levers.Pull(ctx, on, lever, values)
}

// Examine tells about the server, what the user may do, how each stream would be read, and what stays of a session.
func (b *Bus) Examine(ctx context.Context) []bus.Finding {
	_, encrypted := b.routes.Encryption()
	return examine.Run(ctx, examine.Session{
		Core: b.core, Streams: b.js, Stations: b.stations, Feeds: b.feeds, Info: b.Info(), User: b.options.userName(), Encrypted: encrypted,
	})
}
