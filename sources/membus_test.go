package sources

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"testing"
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
		b.add(bus.Station{Name: name, Kind: bus.Subject, Readable: true})
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
}

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
	b := bus.NewBatch(len(messages), nil)
	b.Messages = append(b.Messages, messages...)
	return b
}

// plainDomain understands "KIND TYPE ID field=value field=value": a field that begins with "." is a name of the entity,
// a dot within one leads into a tree, and these types mean something: REFUSE refuses, after writing; FAIL fails; PANIC
// panics in the fold, DIE in understanding; CLEAR begins anew. NONE folds nothing.
type plainDomain struct{ kinds map[string]*Kind }

func newPlainDomain() *plainDomain { return &plainDomain{kinds: map[string]*Kind{}} }

func (d *plainDomain) kind(name string) *Kind {
	if d.kinds[name] == nil {
		d.kinds[name] = NewKind(name)
	}
	return d.kinds[name]
}

func (d *plainDomain) Understand(e *Event) {
	words := bytes.Fields(e.Data)
	if len(words) < 3 {
		return
	}
	e.Type, e.ID, e.Fold = view(words[1]), view(words[2]), plainFold{}
	e.Kind = d.kind(string(words[0]))
	if e.ID == "-" {
		e.ID = ""
	}
	for _, w := range words[3:] {
		if w[0] == '.' {
			e.Names = append(e.Names, view(w[1:]))
		}
	}
	switch e.Type {
	case "DIE":
		panic("as told")
	case "NONE":
		e.Fold = nil
	}
}

type plainFold struct{}

func (plainFold) Apply(e *Event, s *State) (string, error) {
	if e.Type == "CLEAR" {
		s.Clear()
	}
	for _, w := range bytes.Fields(e.Data)[3:] {
		name, text, ok := bytes.Cut(w, []byte("="))
		if !ok || name[0] == '.' {
			continue
		}
		v := TextValue(view(text))
		if n, err := strconv.ParseInt(string(text), 10, 64); err == nil {
			v = IntValue(n)
		}
		if len(text) == 0 {
			v = Value{}
		}
		path := strings.Split(view(name), ".")
		s.SetIn(s.Kind.Slot(path[0]), path[1:], v)
	}
	switch e.Type {
	case "REFUSE":
		return "refused as told", nil
	case "FAIL":
		return "", fmt.Errorf("failed as told")
	case "PANIC":
		panic("as told")
	}
	return "", nil
}

// tester is what the helpers need of a test, a benchmark or a property.
type tester interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// running starts an engine that ends with the test.
func running(t tester, o Options) (*Engine, context.Context) {
	t.Helper()
	if o.Domains == nil {
		o.Domains = newPlainDomain()
	}
	if o.Poll == 0 {
		o.Poll = time.Hour
	}
	e := NewEngine(o)
	return e, start(t, e)
}

// start runs an engine until the test ends.
func start(t tester, e *Engine) context.Context {
	t.Helper()
	limit := 20 * time.Second
	if _, ok := t.(*testing.B); ok {
		limit = time.Hour
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	done := make(chan error)
	go func() { done <- e.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return ctx
}

// attach attaches a bus from the beginning of all its stations.
func attach(t tester, ctx context.Context, e *Engine, b bus.Bus) {
	t.Helper()
	if err := e.Attach(ctx, b, Selection{From: bus.From{Start: bus.FromAll}}); err != nil {
		t.Fatalf("Attach: %v", err)
	}
}

// send hands batches to a station and waits until the engine has taken all their messages in.
func (b *memoryBus) send(t tester, ctx context.Context, e *Engine, station string, batches ...*bus.Batch) {
	t.Helper()
	b.mu.Lock()
	f := b.feeds[station]
	b.mu.Unlock()
	for _, batch := range batches {
		taken := make(chan struct{})
		marked := bus.NewBatch(0, func(*bus.Batch) { close(taken) })
		marked.Messages, marked.Gaps, marked.Dropped = batch.Messages, batch.Gaps, batch.Dropped
		marked.CaughtUp, marked.Ended = batch.CaughtUp, batch.Ended
		select {
		case f.batches <- marked:
		case <-ctx.Done():
			t.Fatalf("the feed was not read")
		}
		select {
		case <-taken:
		case <-ctx.Done():
			t.Fatalf("the batch was not taken in")
		}
	}
	if err := e.do(ctx, func() {}); err != nil { // released is before settled
		t.Fatalf("the engine: %v", err)
	}
}

// texts sends one message a text.
func (b *memoryBus) texts(t tester, ctx context.Context, e *Engine, station string, texts ...string) {
	t.Helper()
	batch := batchOf()
	for i, text := range texts {
		batch.Messages = append(batch.Messages, message(i+1, text))
	}
	b.send(t, ctx, e, station, batch)
}

// looks shows the engine a view and waits for the snapshot that satisfies a condition.
func looks(t tester, ctx context.Context, e *Engine, v View, until func(*Snapshot) bool) *Snapshot {
	t.Helper()
	v.Serial = e.Snapshot().View.Serial + 1
	e.Look(v)
	for {
		if s := e.Snapshot(); s.View.Serial == v.Serial && until(s) {
			return s
		}
		select {
		case <-e.Changed():
		case <-ctx.Done():
			t.Fatalf("no such snapshot; the last was %+v", e.Snapshot())
		}
	}
}
