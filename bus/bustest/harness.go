// Package bustest is the suite that every bus passes, on a real server. A bus's test calls Run with a Harness that says
// how to get at the broker as another program would; Run holds the bus to the contract in package bus.
//
// Each case has a server of its own, so cases share nothing. What a bus cannot do is skipped by capability; the harness
// declares the capabilities, so that one lost by accident fails instead of being skipped.
package bustest

import (
	"context"
	"testing"

	"go.uber.org/goleak"

	"signalbox/bus"
)

// Harness is how the suite gets at one kind of broker.
type Harness struct {
	// Start starts a real server on a free loopback port and stops it when the test ends.
	Start func(t testing.TB) Server

	// Connect connects the bus under test.
	Connect func(ctx context.Context, url string, o Options) (bus.Bus, error)

	// Readers names all that reads at the broker now: consumers, groups, subscriptions of clients. The suite compares
	// them before and after: a session leaves nothing behind.
	Readers func(t testing.TB, url string) []string

	// Secured starts a server that asks for credentials; nil when the broker knows none.
	Secured func(t testing.TB) Access

	// Answer has another program answer each message on a subject with its payload, until the test ends; nil when the bus
	// is no Requester.
	Answer func(t testing.TB, url, subject string)

	// Copy is the path, as bus.CopyReader takes it, of what bus.Keeper puts under a key of a bucket.
	Copy func(bucket, key string) string

	// Inside says that the server lives and dies with this process: Kill and Restart are never called.
	Inside bool

	// Past says that the bus has what was sent before it was connected, and gets nothing more: a file. Nothing is sent once
	// there is a bus, and Kill takes the file away.
	Past bool

	Shapes       []Shape      // the stations to exercise, at least one
	Capabilities Capabilities // what the bus claims by interface
	Leaks        []goleak.Option
}

// Options are what the suite asks of a connection.
type Options struct {
	Buffer int // bytes that a feed may hold for a slow reader; 0 is the bus's usual
}

// Server is a broker that can be killed and started again with what it had stored.
type Server interface {
	URL() string // with credentials where the server asks for them
	Kill()       // ends it at once; connections break
	Restart()    // starts it again on the same address
}

// Shape is one kind of station.
type Shape struct {
	Name       string // of the subtest; the kind when empty
	Kind       bus.Kind
	Replayable bool // Open may start in the past
	Lossless   bool // nothing is lost by a slow reader or an outage
	Headers    bool // messages carry headers
	Discovered bool // Stations without names lists it
	Makes      bool // bus.Maker can create it
	Publishes  bool // bus.Publisher can send to it
	Behind     bool // what bus.Publisher sends can travel behind one another: see bus.Outgoing.Gone
	Dedupes    bool // the broker drops a message whose ID it has seen
	Works      bool // bus.Worker can read it
	Waits      bool // its feeds tell what waits in them

	Traits  bus.Traits // of the station "shop"
	Empties string     // the lever that empties it, by its field "keep"; empty where there is none

	// Make creates the station as another program would; nil when there is nothing to create.
	Make func(t testing.TB, url, name string)

	// Sender connects another program's client.
	Sender func(t testing.TB, url string) Sender
}

// Sender is another program's client. It survives a restart of the server: Send fails while the server is away.
type Sender interface {
	// Send publishes one message into the station and returns when the broker has it.
	Send(station string, headers bus.Headers, data []byte) error
	// Burst publishes many without waiting for each, and returns when the broker has them all.
	Burst(station string, data [][]byte) error
	// Close disconnects.
	Close()
}

// Access is a server with users.
type Access struct {
	Server  Server
	Bad     string // URL with a wrong password
	Secret  string // the password (or token) in Bad, which no error may hold
	Limited string // URL of a user who may read Allowed but not Denied
	Shape   Shape  // of both stations, which exist already where they need to
	Allowed string
	Denied  string
}

// Capabilities are the interfaces of package bus that a bus implements besides Bus.
type Capabilities struct {
	Publisher, Resender, Requester, Getter, SubjectReader, Worker, Maker, Keeper, ConsumerLister, Tracker, DeadLetterLister, Operator, Examiner, CopyReader, Historian bool
}

func (c Capabilities) none() bool { return c == Capabilities{} }

func claimed(b bus.Bus) Capabilities {
	return Capabilities{
		Publisher: has[bus.Publisher](b), Resender: has[bus.Resender](b), Requester: has[bus.Requester](b), Getter: has[bus.Getter](b), Worker: has[bus.Worker](b), SubjectReader: has[bus.SubjectReader](b),
		Maker: has[bus.Maker](b), Keeper: has[bus.Keeper](b), ConsumerLister: has[bus.ConsumerLister](b), Tracker: has[bus.Tracker](b),
		DeadLetterLister: has[bus.DeadLetterLister](b), Operator: has[bus.Operator](b), Examiner: has[bus.Examiner](b),
		CopyReader: has[bus.CopyReader](b), Historian: has[bus.Historian](b),
	}
}

func has[T any](b bus.Bus) bool {
	_, ok := bus.As[T](b)
	return ok
}

// can is a capability that the harness declares.
func can[T any](t testing.TB, b bus.Bus) T {
	t.Helper()
	capability, ok := bus.As[T](b)
	if !ok {
		t.Fatalf("the bus is no %T", (*T)(nil))
	}
	return capability
}

// connected is a bus on a server of its own, until the test ends, and how long the test may take.
func connected(t *testing.T, h Harness) (context.Context, bus.Bus) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	b, err := h.Connect(ctx, h.Start(t).URL(), Options{})
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return ctx, b
}
