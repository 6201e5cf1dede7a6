package natsbus

import (
	"cmp"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
	"signalbox/bus/goroutine"
	"signalbox/bus/natsbus/internal/core"
)

// events are the functions that the client library calls, one after the other, from one goroutine of its own. They wait until
// Connect has assembled the bus.
type events struct{ *Bus }

// handlers is the name of the goroutine that calls them.
const handlers = "a handler of NATS events"

// caught is a handler whose panic is caught.
func caught(handle func(*nats.Conn)) nats.ConnHandler {
	return func(conn *nats.Conn) { goroutine.Call(handlers, func() { handle(conn) }) }
}

// withError is caught for a handler that is told of an error.
func withError(handle func(*nats.Conn, error)) nats.ConnErrHandler {
	return func(conn *nats.Conn, err error) { goroutine.Call(handlers, func() { handle(conn, err) }) }
}

// ready waits until the bus is assembled. It reports false when it never will be, or is closed.
func (e events) ready() bool {
	select {
	case <-e.Bus.ready:
		return true
	case <-e.life.Done():
		return false
	}
}

// connected notes that the link is up for the first time.
func (b *Bus) connected() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.up(b.core.Conn)
}

func (b *Bus) up(conn *nats.Conn) {
	b.info.Link, b.info.Since, b.info.Detail = bus.Live, time.Now(), ""
	announced, _ := conn.ConnectedServerJetStream()
	b.js.Connected(announced)
	b.stations.Connected()
	b.info.Server = "nats-server " + conn.ConnectedServerVersion()
	b.identify(conn)
}

func (e events) disconnected(_ *nats.Conn, err error) {
	if !e.ready() || e.life.Err() != nil {
		return
	}
	why := "the server closed the connection"
	if err != nil && !errors.Is(err, nats.ErrDisconnected) && !errors.Is(err, io.EOF) {
		why = strings.TrimPrefix(err.Error(), "nats: ")
	}
	e.core.Disconnected()
	e.mu.Lock()
	e.info.Link, e.info.Since, e.info.Detail = bus.Reconnecting, time.Now(), why
	e.mu.Unlock()
	e.notices.Add(bus.Warn, "", "connection lost: %s; reconnecting", why)
}

// notReconnected keeps the newest reason why the link is still down.
func (e events) notReconnected(_ *nats.Conn, err error) {
	if err == nil || !e.ready() {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.info.Link == bus.Reconnecting {
		e.info.Detail = strings.TrimPrefix(err.Error(), "nats: ")
	}
}

func (e events) reconnected(conn *nats.Conn) {
	if !e.ready() {
		return
	}
	heard := e.routes.Heard().Add(-e.trip)
	e.established(conn)
	e.mu.Lock()
	since := e.info.Since
	e.up(conn)
	until := e.info.Since
	e.mu.Unlock()
	e.feeds.Outage(heard, until)
	e.notices.Add(bus.Say, "", "connected again after %s", until.Sub(since).Round(time.Millisecond))
}

// established notes that a connection is up, with its subscriptions, when the server has answered on it. From then on what is
// heard of it counts; if it is lost again already, the next outage began where this one did.
func (b *Bus) established(conn *nats.Conn) {
	trip, err := conn.RTT()
	if err != nil {
		return
	}
	b.trip = trip
	b.routes.Established(conn.LocalAddr())
}

// lameDuck tells that the server is about to stop; it sends its clients away one by one.
func (e events) lameDuck(*nats.Conn) {
	e.notices.Add(bus.Warn, "", "the server is about to shut down; the connection will move, or wait for it")
}

// closed is the last call: the connection has ended for good.
func (e events) closed(*nats.Conn) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.info.Link, e.info.Since = bus.Closed, time.Now()
	e.notices.Close()
	close(e.gone)
}

// asyncError takes what the server says of its own accord: refusals, and readers that are too slow.
func (e events) asyncError(_ *nats.Conn, sub *nats.Subscription, err error) {
	if !e.ready() {
		return
	}
	switch {
	case errors.Is(err, nats.ErrPermissionViolation):
		subject := core.RefusedSubject(err)
		waited, read := e.core.Refuse(subject, err), e.feeds.Refuse(subject)
		if !waited && !read {
			e.notices.Add(bus.Warn, "", "the server refuses %s", cmp.Or(subject, "something, and does not say what"))
		}
	case errors.Is(err, nats.ErrSlowConsumer):
		if sub != nil {
			e.feeds.Slow(sub.Subject)
		}
	case errors.Is(err, nats.ErrMaxSubscriptionsExceeded):
		if !e.full.Swap(true) {
			e.notices.Add(bus.Warn, "", "%s: streams beyond them are read by single gets, and subjects not at all", core.ErrSubscriptions)
		}
	case unaccepted(err) && e.Info().Link == bus.Reconnecting:
		e.notReconnected(nil, err)
	case e.life.Err() == nil:
		e.notices.Add(bus.Warn, "", "the server says: %s", strings.TrimPrefix(err.Error(), "nats: "))
	}
}

// unaccepted tells whether the server does not accept the credentials, or does not any more.
func unaccepted(err error) bool {
	for _, refusal := range []error{nats.ErrAuthorization, nats.ErrAuthExpired, nats.ErrAuthRevoked, nats.ErrAccountAuthExpired} {
		if errors.Is(err, refusal) {
			return true
		}
	}
	return false
}
