// Package natsbus reads and feeds NATS: core subjects, JetStream streams, key-value buckets.
//
// How a station is read depends on what it is, so that looking disturbs nobody:
//
//   - A stream with limits, and a bucket, by an ordered consumer: in memory, without acknowledgements, removed on Close
//     and by the server itself soon after a session that crashed. Nothing is lost: a slow reader holds its pulls back,
//     and after an outage reading goes on at the next sequence.
//   - A work-queue or interest stream never by a consumer, which would take messages away or hold them back: what it
//     holds by single gets, what comes by core subscriptions to its subjects. See queue.
//   - Any other name by a core subscription, which has no history: what is missed is counted or reported as a Gap. Its
//     messages do not go through the client library, unless the connection is encrypted or a WebSocket. See wire.
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
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/core"
	"signalbox/bus/natsbus/internal/feeds"
	"signalbox/bus/natsbus/internal/jsapi"
	"signalbox/bus/natsbus/internal/wire"
)

// Bus is a connection to a NATS server or cluster. It implements all capabilities of package bus.
type Bus struct {
	options Options
	core    *core.Client
	ready   chan struct{} // closed when the bus is complete
	js      *jsapi.Client
	notices *bus.NoticeBuffer
	life    context.Context // ends with Close
	end     context.CancelFunc
	gone    chan struct{} // closed when the client library has called back for the last time
	letters letters
	feeds   *feeds.Set
	routes  wire.Routes

	tallying sync.Mutex // held by whoever lists consumers
	tallies  map[letterKey]tally

	mu      sync.Mutex
	info    bus.Info
	counts  map[string]counting
	unheard error // why services may not be asked
}

func newBus(o Options, servers []string) *Bus {
	b := &Bus{
		options: o,
		notices: bus.NewNoticeBuffer(),
		ready:   make(chan struct{}),
		gone:    make(chan struct{}),
		letters: newLetters(),
		counts:  map[string]counting{},
		tallies: map[letterKey]tally{},
	}
	b.life, b.end = context.WithCancel(context.Background())
	b.info = bus.Info{Name: o.Name, Scheme: "nats", Everything: ">", Loopback: loopback(servers), Embedded: o.InProcess != nil}
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
	b.letters.wait()
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
	case bus.Subject:
		s, err := b.subject(ctx, station.Name)
		if err == nil && !s.Readable {
			err = errors.New(s.Reading)
		}
		return err
	default:
		return fmt.Errorf("it cannot be read (%s)", station.Reading)
	}
}

// notice tells the user something.
func (b *Bus) notice(level bus.Level, station, format string, args ...any) {
	b.notices.Add(level, station, format, args...)
}
