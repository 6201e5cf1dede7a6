// Package memphisbus is the bus on Memphis: its names and rules over package natsbus, since a Memphis server is one of NATS.
// Connect makes one; Recognise makes one of a NATS bus whose server turns out to be Memphis.
//
// A station of Memphis is one station here, whatever partitions it has, and its messages are merged in order of time: see
// packages stations and feeds. A consumer group is one consumer, with its members: see package consumers. What is Memphis's own
// is hidden, and Stations says how much that is. Streams that are no station's, buckets and subjects are what they are on
// natsbus.
//
// A station that keeps messages until all groups have acknowledged them is never read by a consumer, and nothing is ever
// read by a subscription to all subjects: either would hold messages back.
//
// All methods of a Bus may be called from any goroutine. Those with a context wait for the server until the context ends, and
// for each answer five seconds at most; the others do not wait, but for Close, which waits for all goroutines of the bus.
//
// What the bus can do is in parts, which are fields of Bus, made by assemble. A part gets the raw access of natsbus.Server and
// the Lister of stations, and knows no other part but by an interface. What natsbus can do and no part does yet in Memphis's way
// is hidden by Hides: a capability is taken out of there by whoever implements it.
//
// The URL is memphis://user:password@host:6666. A connection token of Memphis 1.x goes with a user,
// memphis://user@host:6666?token=TOKEN; one of Memphis 0.x alone, memphis://TOKEN@host:7766. The parameters for TLS of
// package natsbus hold, too.
package memphisbus

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/bus/memphisbus/internal/clients"
	"signalbox/bus/memphisbus/internal/consumers"
	"signalbox/bus/memphisbus/internal/control"
	"signalbox/bus/memphisbus/internal/deadletters"
	"signalbox/bus/memphisbus/internal/feeds"
	"signalbox/bus/memphisbus/internal/levers"
	"signalbox/bus/memphisbus/internal/names"
	"signalbox/bus/memphisbus/internal/send"
	"signalbox/bus/memphisbus/internal/stations"
	"signalbox/bus/natsbus"
)

// Bus is a connection to a Memphis server or cluster.
type Bus struct {
	inner   *natsbus.Bus
	server  *natsbus.Server
	version string // "Memphis 1.4.4"
	notices *bus.NoticeBuffer
	relay   goroutine.Group // what passes notices on
	hidden  hidden

	clients     *clients.Log
	stations    *stations.Lister
	feeds       *feeds.Set
	consumers   *consumers.Lister
	sender      *send.Sender
	levers      *levers.Levers
	deadLetters *deadletters.Log
}

// assemble makes the parts of the bus around a connection.
func assemble(inner *natsbus.Bus, version string) *Bus {
	b := &Bus{inner: inner, server: inner.Server(), version: version, notices: bus.NewNoticeBuffer()}
	b.server.Vague()
	b.clients = clients.New(b.server)
	b.stations = stations.New(b.server, b.clients)
	b.feeds = feeds.New(inner, b.clients.Produced)
	b.consumers = consumers.New(inner, b.stations, b.clients)
	connection := newConnection()
	asked := control.New(b.server, user(b.server.User()), connection)
	schemas := control.NewSchemas(asked, b.listen, func() time.Time { return b.inner.Info().Since })
	b.stations.Schema = func(station string) (string, bool) {
		x, known := schemas.Known(station)
		if x.Name == "" {
			return "", known
		}
		return x.String(), known
	}
	b.sender = send.New(b.server, b.stations, schemas, connection)
	b.levers = &levers.Levers{Control: asked, Schemas: schemas, Stations: b.stations, Send: b.Publish, Resend: b.resendAt}
	b.deadLetters = deadletters.New(deadletters.Parts{Server: b.server, Below: b.inner.DeadLetters, All: b.stations.All, Listen: b.listen})
	b.relay.Go("what passes the notices of Memphis on", b.passNotices)
	return b
}

// Unwrap is the bus that it stands around.
func (b *Bus) Unwrap() bus.Bus { return b.inner }

// Hides tells what natsbus can do and would do behind Memphis's back.
func (b *Bus) Hides(capability any) bool {
	switch capability.(type) {
	case *bus.Worker, *bus.Keeper, *bus.CopyReader:
		return true
	}
	return false
}

// Info tells what is known without asking. There is no station of everything: a subscription to all subjects also takes the
// inboxes of waiting pulls.
func (b *Bus) Info() bus.Info {
	info := b.inner.Info()
	info.Scheme, info.Server, info.Product, info.Everything = scheme, b.version, b.version, ""
	info.URL = strings.ReplaceAll(info.URL, "nats://", scheme+"://")
	return info
}

// Notices delivers what the user should know.
func (b *Bus) Notices() <-chan bus.Notice { return b.notices.Notices() }

// passNotices passes on what the bus below tells, with the names of stations in it.
func (b *Bus) passNotices() {
	for n := range b.inner.Notices() {
		b.notices.Add(n.Level, names.InText(n.Station), "%s", names.InText(n.Text))
	}
}

// Close ends all feeds and the connection.
func (b *Bus) Close() error {
	b.feeds.Close()
	b.clients.Stop()
	err := b.inner.Close()
	b.relay.Wait()
	b.notices.Close()
	return err
}

// Stations lists the stations of Memphis, and what else there is on its server. A name is a station's, in any case of its
// letters, or else what it is on natsbus.
func (b *Bus) Stations(ctx context.Context, wanted ...string) ([]bus.Station, error) {
	b.clients.Listen(ctx)
	if len(wanted) == 0 {
		b.tellHidden(ctx)
		return b.stations.List(ctx)
	}
	var list []bus.Station
	var errs []error
	for _, name := range wanted {
		s, err := b.named(ctx, name)
		if err != nil {
			errs = append(errs, err)
		}
		list = append(list, s...)
	}
	return list, errors.Join(errs...)
}

// named is what a name means.
func (b *Bus) named(ctx context.Context, name string) ([]bus.Station, error) {
	s, err := b.stations.Find(ctx, name)
	switch {
	case err == nil:
		return []bus.Station{b.stations.Describe(ctx, &s)}, nil
	case errors.Is(err, bus.ErrRefused) && names.Possible(name):
		return nil, fmt.Errorf("station %s: %w: there is none, or this user has no role that reads it", names.Station(name), bus.ErrRefused)
	case !errors.Is(err, bus.ErrMissing) && !errors.Is(err, bus.ErrRefused):
		return nil, err
	}
	list, err := b.inner.Stations(ctx, name)
	for i := range list {
		list[i].Reading = strings.Replace(list[i].Reading, ", or allow it with --allow-all", "", 1) // never here
	}
	return list, err
}

// Open starts reading a station.
func (b *Bus) Open(ctx context.Context, station bus.Station, from bus.From) (bus.Feed, error) {
	s, ok, err := b.find(ctx, station)
	if err != nil {
		return nil, fmt.Errorf("open station %s: %w", station.Name, err)
	}
	if !ok {
		return b.inner.Open(ctx, station, from)
	}
	f, err := b.feeds.Open(ctx, &s, from)
	if err != nil {
		return nil, fmt.Errorf("open station %s: %w", station.Name, names.Error(err))
	}
	return f, nil
}

// find is the station of Memphis that a station of the bus is; ok is false for what is none.
func (b *Bus) find(ctx context.Context, station bus.Station) (s stations.Station, ok bool, err error) {
	if station.Kind != bus.Stream {
		return s, false, nil
	}
	s, err = b.stations.Find(ctx, station.Name)
	if errors.Is(err, bus.ErrMissing) && !names.Possible(station.Name) {
		return s, false, nil
	}
	return s, err == nil, err
}

// Get fetches the message at a position of a station.
func (b *Bus) Get(ctx context.Context, station bus.Station, at bus.Position) (bus.Message, error) {
	s, ok, err := b.find(ctx, station)
	if err != nil {
		return bus.Message{}, fmt.Errorf("get %s of %s: %w", station.Positions.Format(at), station.Name, err)
	}
	if !ok {
		return b.inner.Get(ctx, station, at)
	}
	p, sequence, ok := s.Find(at)
	if !ok {
		return bus.Message{}, fmt.Errorf("get %s of %s: it has no such partition: %w", station.Positions.Format(at), s.Name, bus.ErrMissing)
	}
	m, err := b.server.Message(ctx, p.Info, sequence)
	if err != nil {
		return bus.Message{}, fmt.Errorf("get %s of %s: %w", station.Positions.Format(at), s.Name, names.Error(err))
	}
	m.Subject, m.Position = names.Shown(m.Subject), at
	return m, nil
}

// Consumers lists the groups of all stations, each with its members and over all partitions as one.
func (b *Bus) Consumers(ctx context.Context) ([]bus.Consumer, error) { return b.consumers.List(ctx) }

// Standing judges how far a group is with a message.
func (b *Bus) Standing(c bus.Consumer, subject string, at bus.Position) (standing bus.Standing, who string) {
	return b.consumers.Standing(c, subject, at)
}
