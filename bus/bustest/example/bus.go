package example

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"signalbox/bus"
	"signalbox/bus/goroutine"
)

// Bus is a connection to a Broker.
type Bus struct {
	broker  *Broker
	budget  *bus.Budget
	notices *bus.NoticeBuffer
	ctx     context.Context // ends with the bus
	stop    context.CancelFunc
	feeds   goroutine.Group // what reads for them

	mu     sync.Mutex // guards what follows
	info   bus.Info
	closed bool
}

// Connect connects to a broker. That it is down is an error here; later the bus waits for it.
func Connect(broker *Broker, s bus.Settings) (*Bus, error) {
	if _, err := broker.names(); err != nil {
		return nil, fmt.Errorf("connect to the example: %w: %w", bus.ErrUnreachable, err)
	}
	if s.Budget == nil {
		s.Budget = bus.NewBudget(bus.DefaultBudget)
	}
	ctx, stop := context.WithCancel(context.Background())
	return &Bus{broker: broker, budget: s.Budget, notices: bus.NewNoticeBuffer(), ctx: ctx, stop: stop, info: bus.Info{
		Name: "example", Scheme: "example", URL: "example://", Server: "example 1", Link: bus.Live, Since: time.Now(), Loopback: true,
	}}, nil
}

// Info implements bus.Bus.
func (b *Bus) Info() bus.Info {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.info
}

// Notices implements bus.Bus.
func (b *Bus) Notices() <-chan bus.Notice { return b.notices.Notices() }

// Close implements bus.Bus.
func (b *Bus) Close() error {
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	b.stop()
	b.feeds.Wait()
	b.setLink(bus.Closed, "")
	b.notices.Close()
	return nil
}

// setLink notes the state of the connection, and says when that changes.
func (b *Bus) setLink(link bus.Link, why string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case link == b.info.Link || b.info.Link == bus.Closed:
		return
	case link == bus.Reconnecting:
		b.notices.Add(bus.Warn, "", "connection lost: %s; trying again", why)
	case link == bus.Live:
		b.notices.Add(bus.Say, "", "connected again")
	}
	b.info.Link, b.info.Since, b.info.Detail = link, time.Now(), why
}

// Stations implements bus.Bus.
func (b *Bus) Stations(_ context.Context, names ...string) ([]bus.Station, error) {
	there, err := b.broker.names()
	if err != nil {
		return nil, fmt.Errorf("list stations: %w: %w", bus.ErrUnreachable, err)
	}
	if len(names) == 0 {
		names = there
	}
	var all []bus.Station
	for _, name := range names {
		s, err := b.station(name)
		if err != nil {
			return all, fmt.Errorf("station %s: %w: %w", name, bus.ErrUnreachable, err)
		}
		all = append(all, s)
	}
	return all, nil
}

func (b *Bus) station(name string) (bus.Station, error) {
	l, _, err := b.broker.read(name, 0, math.MaxInt)
	s := bus.Station{
		Name: name, Kind: "log", Readable: true, Replayable: true, Consumers: -1, Reading: "reads the log and waits for more",
		Messages: uint64(len(l.entries)), Removed: l.first > 1, Presumed: l.next() == 1, Subjects: []string{name},
	}
	if len(l.entries) > 0 {
		s.First, s.Last = bus.Position{Major: l.first}, bus.Position{Major: l.next() - 1}
	}
	return s, err
}

// Publish implements bus.Publisher.
func (b *Bus) Publish(_ context.Context, out bus.Outgoing) (bus.Receipt, error) {
	sequence, err := b.broker.Append(out.Station, out.Data)
	if err != nil {
		return bus.Receipt{}, fmt.Errorf("send to %s: %w: %w", out.Station, bus.ErrUnreachable, err)
	}
	return bus.Receipt{
		Station: out.Station, Position: bus.Position{Major: sequence}, Receivers: -1,
		Text: fmt.Sprintf("stored in %s as %d", out.Station, sequence),
	}, nil
}

// Get implements bus.Getter.
func (b *Bus) Get(_ context.Context, station bus.Station, at bus.Position) (bus.Message, error) {
	l, _, err := b.broker.read(station.Name, at.Major, 1)
	switch {
	case err != nil:
		return bus.Message{}, fmt.Errorf("get %d of %s: %w: %w", at.Major, station.Name, bus.ErrUnreachable, err)
	case l.first != at.Major || len(l.entries) == 0:
		return bus.Message{}, fmt.Errorf("get %d of %s: %w", at.Major, station.Name, bus.ErrMissing)
	}
	return message(station.Name, l.first, l.entries[0]), nil
}
