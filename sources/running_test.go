package sources

import (
	"context"
	"testing"
	"time"

	"signalbox/bus"
)

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

// cramped starts an engine whose window holds little.
func cramped(t tester, o Options) (*Engine, context.Context) {
	t.Helper()
	o.Domains, o.Poll = newPlainDomain(), time.Hour
	e := NewEngine(o)
	e.store.Window.Limit = func() int64 { return 200 << 10 }
	return e, start(t, e)
}

// start runs an engine until the test ends.
func start(t tester, e *Engine) context.Context {
	t.Helper()
	limit := time.Minute
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
func attach(ctx context.Context, t tester, e *Engine, b bus.Bus) {
	t.Helper()
	if err := e.Attach(ctx, b, Selection{From: bus.From{Start: bus.FromAll}}); err != nil {
		t.Fatalf("Attach: %v", err)
	}
}

// send hands batches to a station and waits until the engine has taken all their messages in.
func (b *memoryBus) send(ctx context.Context, t tester, e *Engine, station string, batches ...*bus.Batch) {
	t.Helper()
	b.mu.Lock()
	f := b.feeds[station]
	b.mu.Unlock()
	for _, batch := range batches {
		if !f.send(ctx, batch) {
			t.Fatalf("the feed was not read")
		}
	}
	if !f.flush(ctx) {
		t.Fatalf("the batch was not taken in")
	}
	if err := e.requests.do(ctx, func() {}); err != nil { // the last was taken in before the feed was settled
		t.Fatalf("the engine: %v", err)
	}
}

func (f *memoryFeed) send(ctx context.Context, batch *bus.Batch) bool {
	select {
	case f.batches <- batch:
		return true
	case <-ctx.Done():
		return false
	}
}

// flush waits until all that was sent is taken in: no more than batchesAhead are read before the engine has taken the
// first of them in.
func (f *memoryFeed) flush(ctx context.Context) bool {
	for range batchesAhead {
		if !f.send(ctx, bus.NewBatch(0)) {
			return false
		}
	}
	return true
}

// texts sends one message a text.
func (b *memoryBus) texts(ctx context.Context, t tester, e *Engine, station string, texts ...string) {
	t.Helper()
	batch := batchOf()
	for i, text := range texts {
		m := message(i+1, text)
		batch.Add(&m)
	}
	b.send(ctx, t, e, station, batch)
}

// looks shows the engine a view and waits for the snapshot that satisfies a condition.
func looks(ctx context.Context, t tester, e *Engine, v View, until func(*Snapshot) bool) *Snapshot {
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
