// Package bus says what a broker is to signalbox: a Bus lists Stations and opens Feeds on them, and may have further
// capabilities. What a broker cannot do is an interface that its bus does not implement; it is never a method that always
// fails. Capabilities are found by As, which also looks into a bus that stands around another.
//
// These look, and change nothing at the broker:
//
//   - Getter fetches a single message by its position.
//   - SubjectReader hands out the messages of one subject of a station.
//   - ConsumerLister lists who reads.
//   - Tracker says how far a consumer is with a message.
//   - DeadLetterLister tells what consumers gave up.
//   - CopyReader tells what applications keep under keys.
//   - Historian tells how stations and consumers were at earlier times.
//   - Rereader reads a station again, message for message as it was read first.
//   - Finder finds what can be read as a station and is not listed as one.
//   - Examiner says what a session may do and would touch.
//   - Waiter, a capability of a feed, tells how much waits in it: see WaitingIn.
//   - Concluder, likewise, tells what was lost up to now: see Conclude.
//
// These write, or can:
//
//   - Publisher sends a message: Publish.
//   - Resender hands a message to one consumer again, and to nobody else: Resend.
//   - Requester sends a message and waits for its answer: Request.
//   - Worker fetches and acknowledges as a service does, and makes the consumer that it needs: Work.
//   - Maker makes stations: Make.
//   - Keeper sets the value of a key by Put. Value only looks.
//   - Operator pulls levers by Pull, which purges, deletes, pauses, claims, makes and sends. Levers only looks.
//
// Contract of every Bus, held by package bustest:
//
//   - All methods may be called from any goroutine. Those with a context block on the network until it ends at the
//     latest; the others never block.
//   - Attaching, listing and reading leave nothing on the broker that outlives the session, take nothing from other
//     readers and change no configuration, unless a person allowed it by Settings. Only Publish, Resend, Request, Work,
//     Make, Put and Pull write.
//   - A broker that goes away is not an error of the bus: it reconnects by itself until Close, says so by Info and
//     Notices, and its feeds go on where they can replay, or report a Gap where they cannot.
//   - Errors say what was being done and to what, wrap their cause, and never hold a password or token.
//
// What is above this package knows no broker: a station says by its Traits what it is, and a bus by Info.
package bus

import (
	"context"
	"errors"
	"time"
)

// Bus is one connection to one broker.
type Bus interface {
	// Info tells what is known without asking the broker; it never blocks.
	Info() Info

	// Stations lists stations. Without names it discovers what the broker has; each name is otherwise resolved the way
	// a user means it (a stream, bucket, channel, pattern or subject) and need not exist yet where the broker allows
	// that: see Station.Presumed. Partial results come with an error that says what could not be listed.
	Stations(ctx context.Context, names ...string) ([]Station, error)

	// Open starts reading a station, given as Stations returned it. It returns once the broker has confirmed the
	// subscription, so that nothing published afterwards is missed.
	Open(ctx context.Context, station Station, from From) (Feed, error)

	// Notices delivers what the user should know and no call returned: disconnects, refusals, slow readers. One
	// reader; when it lags the oldest are dropped. Closed by Close.
	Notices() <-chan Notice

	// Close ends all feeds and the connection, and waits for the goroutines of the bus. It may be called twice.
	Close() error
}

// ErrRefused is wrapped by errors about credentials or permissions, ErrUnreachable by those about the connection, and
// ErrMissing by those about a station, message, bucket or value that does not exist. ErrUnfinished is
// that of a list which may not be all yet: whoever asks again is told more.
var (
	ErrRefused     = errors.New("refused")
	ErrUnreachable = errors.New("cannot be reached")
	ErrMissing     = errors.New("does not exist")
	ErrUnfinished  = errors.New("not all yet")
)

// Link is the state of the connection.
type Link string

// The states of a connection, in the words shown to people.
const (
	Live         Link = "live"
	Reconnecting Link = "reconnecting"
	Closed       Link = "closed"
	Recorded     Link = "recorded" // a file: what is in it has been, and nothing comes any more
)

// Info describes a bus.
type Info struct {
	Name     string // short, for headers and columns: "embedded nats", "127.0.0.1:6379"
	Scheme   string // of the URLs of such a bus: "nats"
	URL      string // with user, password and token removed
	Server   string // product and version, "nats-server 2.15.2"
	Product  string // the same, where people are to see that it was recognised: "Memphis 1.4.4"; else empty
	Link     Link
	Since    time.Time // when Link last changed
	Detail   string    // why the link is down, in words; empty when live
	Loopback bool      // every address is on this machine: sending is armed without --write
	Embedded bool      // the broker runs inside this process

	Addresses []string   // host:port of the servers, as they were named and as they were reached
	Identity  []Identity // what the server says of itself
	Foreign   string     // the addresses are on this machine, and the server's certificate is this other one's: Loopback is false

	// Everything names the station that takes all that is sent, ">" or "*"; empty where there is none.
	Everything string
}

// Level grades a notice.
type Level int

// Notice levels: Say is news, Warn is something degraded, Fail is something that does not work.
const (
	Say Level = iota
	Warn
	Fail
)

// Notice is one thing the user should know.
type Notice struct {
	Time    time.Time
	Level   Level
	Station string // name of the station concerned, or empty
	Text    string // one sentence, clean of secrets
}
