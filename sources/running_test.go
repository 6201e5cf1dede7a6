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
	e.window.limit = func() int64 { return 200 << 10 }
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
func (b *memoryBus) texts(ctx context.Context, t tester, e *Engine, station string, texts ...string) {
	t.Helper()
	batch := batchOf()
	for i, text := range texts {
		batch.Messages = append(batch.Messages, message(i+1, text))
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
