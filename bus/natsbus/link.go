package natsbus

import (
	"errors"
	"io"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
	"signalbox/bus/natsbus/internal/core"
)

// The client library calls these one after the other, from one goroutine of its own. They wait until Connect has returned.

// assembled waits until the bus is complete. It reports false when it never will be, or is closed.
func (b *Bus) assembled() bool {
	select {
	case <-b.ready:
		return true
	case <-b.life.Done():
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
	b.unheard = nil
	announced, _ := conn.ConnectedServerJetStream()
	b.js.Connected(announced)
	b.info.Server = "nats-server " + conn.ConnectedServerVersion()
}

func (b *Bus) disconnected(_ *nats.Conn, err error) {
	if !b.assembled() || b.life.Err() != nil {
		return
	}
	why := "the server closed the connection"
	if err != nil && !errors.Is(err, nats.ErrDisconnected) && !errors.Is(err, io.EOF) {
		why = strings.TrimPrefix(err.Error(), "nats: ")
	}
	b.mu.Lock()
	b.info.Link, b.info.Since, b.info.Detail = bus.Reconnecting, time.Now(), why
	b.mu.Unlock()
	b.notice(bus.Warn, "", "connection lost: %s; reconnecting", why)
}

// notReconnected keeps the newest reason why the link is still down.
func (b *Bus) notReconnected(_ *nats.Conn, err error) {
	if err == nil || !b.assembled() {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.info.Link == bus.Reconnecting {
		b.info.Detail = strings.TrimPrefix(err.Error(), "nats: ")
	}
}

func (b *Bus) reconnected(conn *nats.Conn) {
	if !b.assembled() {
		return
	}
	b.mu.Lock()
	since := b.info.Since
	b.up(conn)
	until := b.info.Since
	b.mu.Unlock()
	b.feeds.Outage(since, until)
	b.notice(bus.Say, "", "connected again after %s", until.Sub(since).Round(time.Millisecond))
}

// lameDuck tells that the server is about to stop; it sends its clients away one by one.
func (b *Bus) lameDuck(*nats.Conn) {
	b.notice(bus.Warn, "", "the server is about to shut down; the connection will move, or wait for it")
}

// closed is the last call: the connection has ended for good.
func (b *Bus) closed(*nats.Conn) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.info.Link, b.info.Since = bus.Closed, time.Now()
	b.notices.Close()
	close(b.gone)
}

// asyncError takes what the server says of its own accord: refusals, and readers that are too slow.
func (b *Bus) asyncError(_ *nats.Conn, sub *nats.Subscription, err error) {
	if !b.assembled() {
		return
	}
	switch {
	case errors.Is(err, nats.ErrPermissionViolation):
		subject := core.RefusedSubject(err)
		waited, read := b.core.Refuse(subject, err), b.feeds.Refuse(subject)
		if !waited && !read {
			b.notice(bus.Warn, "", "the server refuses %s", subject)
		}
	case errors.Is(err, nats.ErrSlowConsumer):
		if sub != nil {
			b.feeds.Slow(sub.Subject)
		}
	case unaccepted(err) && b.Info().Link == bus.Reconnecting:
		b.notReconnected(nil, err)
	case b.life.Err() == nil:
		b.notice(bus.Warn, "", "the server says: %s", strings.TrimPrefix(err.Error(), "nats: "))
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
