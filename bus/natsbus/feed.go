package natsbus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
	"signalbox/bus/backlog"
)

// Open starts reading a station. For a stream or bucket it asks about its retention first, since that decides how.
func (b *Bus) Open(ctx context.Context, station bus.Station, from bus.From) (bus.Feed, error) {
	f, err := b.open(ctx, station, from)
	if err != nil {
		return nil, fmt.Errorf("open %s %s: %w", station.Kind, station.Name, err)
	}
	if err := b.enlist(f); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("open %s %s: %w", station.Kind, station.Name, err)
	}
	return f, nil
}

func (b *Bus) open(ctx context.Context, station bus.Station, from bus.From) (feed, error) {
	if b.life.Err() != nil {
		return nil, errClosed
	}
	switch station.Kind {
	case bus.Subject:
		s, err := b.subject(ctx, station.Name)
		if err != nil {
			return nil, err
		}
		if !s.Readable {
			return nil, fmt.Errorf("%s", s.Reading)
		}
		return b.openSubject(ctx, station.Name)
	case bus.Stream, bus.Bucket:
		info, err := b.stream(ctx, streamName(station))
		if err != nil {
			return nil, err
		}
		if consumable(info) {
			return b.openStream(ctx, station, info, from)
		}
		return b.openQueue(ctx, station, info, from)
	default:
		return nil, fmt.Errorf("it cannot be read (%s)", station.Reading)
	}
}

// buffer is how many bytes a feed may hold.
func (b *Bus) buffer(usual int) int {
	if b.options.Buffer > 0 {
		return b.options.Buffer
	}
	return usual
}

// newQueue makes the queue of a feed that may hold so many bytes.
func newQueue(bytes int) *backlog.Queue { return backlog.NewQueue(backlog.NewBudget(int64(bytes))) }

// subscribe makes a core subscription and waits until the server has confirmed it.
func (b *Bus) subscribe(ctx context.Context, subject string, start func() (*nats.Subscription, error)) (*nats.Subscription, error) {
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	ctx, done := b.wait(ctx, subject)
	defer done()
	before := b.conn.LastError()
	sub, err := start()
	if err != nil {
		return nil, linkError(err)
	}
	if err = b.flushed(ctx, subject, before); err == nil {
		return sub, nil
	}
	_ = sub.Unsubscribe()
	if errors.Is(err, bus.ErrRefused) {
		err = fmt.Errorf("%w: no permission to subscribe to %s", bus.ErrRefused, subject)
	}
	return nil, err
}

// flushed waits until the server has taken what was sent. It returns bus.ErrRefused when the server refuses a subject:
// that comes first, as the connection's last error, and ends ctx, which is from wait, once it is known not to be news.
func (b *Bus) flushed(ctx context.Context, subject string, before error) error {
	failed := b.conn.FlushWithContext(ctx)
	if err := b.conn.LastError(); err != nil && err != before && refusedSubject(err) == subject { //nolint:errorlint // is it a new one
		<-ctx.Done()
		return bus.ErrRefused
	}
	return linkError(failed)
}

// headers copies a message's headers, sorted by name.
func headers(h nats.Header) bus.Headers {
	if len(h) == 0 {
		return nil
	}
	all := make(bus.Headers, 0, len(h))
	for name, values := range h {
		for _, value := range values {
			all = append(all, bus.Header{Name: name, Value: value})
		}
	}
	if len(all) > 1 {
		slices.SortStableFunc(all, func(a, b bus.Header) int {
			switch {
			case a.Name < b.Name:
				return -1
			case a.Name > b.Name:
				return 1
			}
			return 0
		})
	}
	return all
}

// coreMessage is a message that came without the broker's date or position.
func coreMessage(m *nats.Msg) bus.Message {
	return bus.Message{Subject: m.Subject, Headers: headers(m.Header), Data: m.Data, UnixNano: time.Now().UnixNano(), Size: len(m.Data)}
}
