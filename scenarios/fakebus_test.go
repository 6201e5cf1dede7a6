package scenarios

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"time"

	"signalbox/bus"
)

// fakeBus is a broker in memory, for tests in a time of their own: streams, durable consumers that acknowledge, and
// values by key.
type fakeBus struct {
	mu      sync.Mutex
	streams map[string][]bus.Message
	values  map[string][]byte
	workers map[string]int // at work now, by consumer
	naks    int
	terms   int
	gaveUp  int
	refuse  error         // what Publish answers
	changed chan struct{} // closed, and replaced, when a stream grows
}

func newFakeBus() *fakeBus {
	return &fakeBus{
		streams: map[string][]bus.Message{}, values: map[string][]byte{}, workers: map[string]int{},
		changed: make(chan struct{}),
	}
}

func (f *fakeBus) Info() bus.Info { return bus.Info{Name: "fake", Scheme: "nats", Link: bus.Live} }

func (f *fakeBus) Stations(_ context.Context, names ...string) ([]bus.Station, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []bus.Station
	for _, name := range names {
		if stream, there := f.streams[name]; there {
			last := bus.Position{Major: uint64(len(stream))}
			out = append(out, bus.Station{Name: name, Kind: bus.Stream, Replayable: true, Last: last})
		}
	}
	return out, nil
}

func (f *fakeBus) Open(context.Context, bus.Station, bus.From) (bus.Feed, error) {
	return nil, errors.New("not needed here")
}

func (f *fakeBus) Notices() <-chan bus.Notice { return nil }

func (f *fakeBus) Close() error { return nil }

func (f *fakeBus) Make(_ context.Context, wanted bus.NewStation) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, there := f.streams[wanted.Name]; !there && !wanted.Keyed {
		f.streams[wanted.Name] = nil
	}
	return nil
}

func (f *fakeBus) Unmake(_ context.Context, made bus.NewStation) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.streams, made.Name)
	return nil
}

func (f *fakeBus) Publish(_ context.Context, out bus.Outgoing) (bus.Receipt, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.refuse != nil {
		return bus.Receipt{}, f.refuse
	}
	subject := out.Subject
	if subject == "" {
		subject = out.Station
	}
	at := bus.Position{Major: uint64(len(f.streams[out.Station]) + 1)}
	f.streams[out.Station] = append(f.streams[out.Station], bus.Message{
		Subject: subject, Headers: out.Headers, Data: bytes.Clone(out.Data), Position: at,
		UnixNano: time.Now().UnixNano(), Size: len(out.Data),
	})
	close(f.changed)
	f.changed = make(chan struct{})
	return bus.Receipt{Station: out.Station, Position: at, Receivers: -1, Text: "stored in " + out.Station}, nil
}

func (f *fakeBus) Work(ctx context.Context, job bus.Job, handle func(context.Context, bus.Message, int) bus.Verdict) error {
	f.mu.Lock()
	f.workers[job.Consumer]++
	f.mu.Unlock()
	job.Gate.Begin()
	defer func() {
		f.mu.Lock()
		f.workers[job.Consumer]--
		f.mu.Unlock()
	}()
	for next, delivery := 0, 1; ; {
		f.mu.Lock()
		stream, changed := f.streams[job.Station], f.changed
		f.mu.Unlock()
		if next == len(stream) {
			select {
			case <-changed:
				continue
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		verdict := handle(ctx, stream[next], delivery)
		f.mu.Lock()
		switch {
		case verdict == bus.Nak && (job.MaxDeliver == 0 || delivery < job.MaxDeliver):
			f.naks++
			delivery++
		case verdict == bus.Nak:
			f.gaveUp++
			next, delivery = next+1, 1
		default:
			if verdict == bus.Term {
				f.terms++
			}
			next, delivery = next+1, 1
		}
		f.mu.Unlock()
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

func (f *fakeBus) Consumers(context.Context) ([]bus.Consumer, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []bus.Consumer
	for name, n := range f.workers {
		out = append(out, bus.Consumer{Station: stationOfWorker[name], Name: name, Waiting: int64(n)})
	}
	return out, nil
}

// stationOfWorker is where the stand-ins of the built-in domains read.
var stationOfWorker = map[string]string{
	"courier": "deliveries", "delivery-state": "deliveries", "order-service": "place-order", "sales": "order-created",
	"election": "election",
}

func (f *fakeBus) Put(_ context.Context, bucket, key string, value []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.values[bucket+"/"+key] = bytes.Clone(value)
	return nil
}

func (f *fakeBus) Value(_ context.Context, bucket, key string) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	value, there := f.values[bucket+"/"+key]
	if !there {
		return nil, bus.ErrMissing
	}
	return value, nil
}

// messages is what a station holds.
func (f *fakeBus) messages(station string) []bus.Message {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.streams[station]
}

// total is how many messages all stations hold.
func (f *fakeBus) total() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, stream := range f.streams {
		n += len(stream)
	}
	return n
}

// mute is a bus that has no capabilities.
type mute struct{ bus.Bus }
