package sources

import (
	"context"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"signalbox/bus"
)

// memoryBus is a bus whose stations deliver what a test hands them.
type memoryBus struct {
	name string

	mu        sync.Mutex
	stations  []bus.Station
	consumers []bus.Consumer
	feeds     map[string]*memoryFeed
	opened    map[string]bus.From
	refuse    map[string]error
	asked     int // how often stations were listed
	notices   chan bus.Notice
}

func newMemoryBus(names ...string) *memoryBus {
	b := &memoryBus{
		name: "memory", feeds: map[string]*memoryFeed{}, opened: map[string]bus.From{}, refuse: map[string]error{},
		notices: make(chan bus.Notice, 10),
	}
	for _, name := range names {
		b.add(bus.Station{Name: name, Kind: bus.Subject, Readable: true, Traits: bus.Traits{Separators: "."}})
	}
	return b
}

func (b *memoryBus) add(s bus.Station) *memoryFeed {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stations = append(b.stations, s)
	f := &memoryFeed{batches: make(chan *bus.Batch), closed: make(chan struct{}), broken: make(chan error)}
	b.feeds[s.Name] = f
	return f
}

func (b *memoryBus) Info() bus.Info { return bus.Info{Name: b.name, Link: bus.Live} }

func (b *memoryBus) Stations(_ context.Context, names ...string) ([]bus.Station, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked++
	var out []bus.Station
	for _, s := range b.stations {
		if len(names) == 0 || strings.Contains(strings.Join(names, " "), s.Name) {
			out = append(out, s)
		}
	}
	return out, nil
}

func (b *memoryBus) Consumers(context.Context) ([]bus.Consumer, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]bus.Consumer(nil), b.consumers...), nil
}

func (b *memoryBus) Open(_ context.Context, s bus.Station, from bus.From) (bus.Feed, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.refuse[s.Name]; err != nil {
		return nil, err
	}
	b.opened[s.Name] = from
	return b.feeds[s.Name], nil
}

func (b *memoryBus) Notices() <-chan bus.Notice { return b.notices }
func (b *memoryBus) Close() error               { return nil }

// memoryFeed hands over one batch after the other; each send waits until it was taken.
type memoryFeed struct {
	batches chan *bus.Batch
	once    sync.Once
	closed  chan struct{}
	broken  chan error
	ended   bool
	waiting atomic.Int64
}

func (f *memoryFeed) Waiting() int64 { return f.waiting.Load() }

func (f *memoryFeed) Next(ctx context.Context) (*bus.Batch, error) {
	if f.ended {
		return nil, io.EOF
	}
	select {
	case b := <-f.batches:
		f.ended = b.Ended
		return b, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case err := <-f.broken:
		return nil, err
	case <-f.closed:
		return nil, io.EOF
	}
}

// fail makes Next fail.
func (f *memoryFeed) fail(err error) { f.broken <- err }

func (f *memoryFeed) Close() error {
	f.once.Do(func() { close(f.closed) })
	return nil
}

// message is one with a text for payload, stored at a second.
func message(second int, text string) bus.Message {
	return bus.Message{
		Subject: "test", Data: []byte(text), Size: len(text), UnixNano: int64(second) * int64(time.Second),
		Position: bus.Position{Major: uint64(second)},
	}
}

func batchOf(messages ...bus.Message) *bus.Batch {
	b := bus.NewBatch(0)
	for i := range messages {
		b.Add(&messages[i])
	}
	return b
}
