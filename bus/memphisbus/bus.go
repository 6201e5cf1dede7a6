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

	"signalbox/bus"
	"signalbox/bus/memphisbus/internal/stations"
	"signalbox/bus/natsbus"
)

// Bus is a connection to a Memphis server or cluster.
type Bus struct {
	inner   *natsbus.Bus
	server  *natsbus.Server
	version string // "Memphis 1.4.4"

	stations *stations.Lister
}

// assemble makes the parts of the bus around a connection.
func assemble(inner *natsbus.Bus, version string) *Bus {
	b := &Bus{inner: inner, server: inner.Server(), version: version}
	b.stations = stations.New(b.server)
	return b
}

// Unwrap is the bus that it stands around.
func (b *Bus) Unwrap() bus.Bus { return b.inner }

// Hides tells what natsbus can do and would do behind Memphis's back.
func (b *Bus) Hides(capability any) bool {
	switch capability.(type) {
	case *bus.Publisher, *bus.Worker, *bus.Maker, *bus.Operator, *bus.Getter, *bus.SubjectReader, *bus.ConsumerLister, *bus.Tracker,
		*bus.DeadLetterLister, *bus.Examiner:
		return true
	}
	return false
}

// Info tells what is known without asking. There is no station of everything: a subscription to all subjects also takes the
// inboxes of waiting pulls.
func (b *Bus) Info() bus.Info {
	info := b.inner.Info()
	info.Scheme, info.Server, info.Everything = scheme, b.version, ""
	return info
}

// Notices delivers what the user should know.
func (b *Bus) Notices() <-chan bus.Notice { return b.inner.Notices() }

// Stations lists stations.
func (b *Bus) Stations(ctx context.Context, names ...string) ([]bus.Station, error) {
	return b.inner.Stations(ctx, names...)
}

// Open starts reading a station.
func (b *Bus) Open(ctx context.Context, station bus.Station, from bus.From) (bus.Feed, error) {
	return b.inner.Open(ctx, station, from)
}

// Close ends all feeds and the connection.
func (b *Bus) Close() error { return b.inner.Close() }
