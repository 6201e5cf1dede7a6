package bench

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"signalbox/bus"
	natsbare "signalbox/bus/natsbus/bare"
	redisbare "signalbox/bus/redisbus/bare"
	"signalbox/scenarios"
	"signalbox/sources"
)

// TestEveryMessageIsAccountedFor floods an engine with little memory from two stations, kills the server meanwhile and
// starts it again, and holds that in every snapshot received = held + evicted + dropped, for each station and in all.
func TestEveryMessageIsAccountedFor(t *testing.T) {
	for name, c := range map[string]struct {
		server        func(testing.TB) *broker
		publish, keep func(ctx context.Context, url, station string, payloads [][]byte) error
	}{
		"nats":  {newNATS, natsbare.Publish, natsbare.Store},
		"redis": {newRedis, redisbare.Publish, redisbare.Store},
	} {
		t.Run(name, func(t *testing.T) {
			server := c.server(t)
			ctx, cancel := context.WithTimeout(t.Context(), deadline)
			defer cancel()
			list := payloads(30_000)
			if err := c.keep(ctx, server.url, "kept", list); err != nil {
				t.Fatal(err)
			}
			a := newAuditor(ctx, t, server.url, "live", "kept")

			burst := make(chan struct{})
			go func() {
				defer close(burst)
				_ = c.publish(ctx, server.url, "live", list) // the server dies under it
			}()
			a.sees(t, "a part of the burst", func(l sources.Ledger) bool { return l.Received > 40_000 })
			server.kill()
			server.start()
			<-burst

			a.sees(t, "what is sent once the server is back", func(l sources.Ledger) bool {
				if err := c.publish(ctx, server.url, "live", list[:100]); err != nil {
					return false // it may still be loading what it kept
				}
				now, _, err := a.Ledger(ctx)
				return err == nil && now.Received > l.Received && now.GapCount > 0
			})
			before, _, err := a.Ledger(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.publish(ctx, server.url, "live", list); err != nil {
				t.Fatal(err)
			}
			a.sees(t, "the second burst", func(l sources.Ledger) bool { return l.Received > before.Received+20_000 && l.Evicted > 0 })
			a.closes(t)
		})
	}
}

// auditor looks into every snapshot of an engine.
type auditor struct {
	*sources.Engine
	ctx       context.Context
	end       context.CancelFunc
	conn      bus.Bus
	over      chan error
	snapshots atomic.Int64
	wrong     atomic.Pointer[sources.Ledger] // the first that does not add up
}

func newAuditor(ctx context.Context, t *testing.T, url string, names ...string) *auditor {
	a := &auditor{over: make(chan error, 1), Engine: sources.NewEngine(sources.Options{
		Memory: 4 << 20, Domains: scenarios.Builtin().Domains(), Frame: time.Millisecond})}
	a.ctx, a.end = context.WithCancel(ctx)
	go func() { a.over <- a.Run(a.ctx) }()
	go a.audit()
	var err error
	if a.conn, err = connect(a.ctx, url); err != nil {
		t.Fatal(err)
	}
	if err := a.Attach(a.ctx, a.conn, sources.Selection{Names: names, From: bus.From{Start: bus.FromAll}}); err != nil {
		t.Fatal(err)
	}
	return a
}

func (a *auditor) audit() {
	for {
		select {
		case <-a.Changed():
		case <-a.ctx.Done():
			return
		}
		s := a.Snapshot()
		a.snapshots.Add(1)
		a.check(s.Ledger)
		for _, row := range s.Stations {
			a.check(row.Ledger)
		}
	}
}

func (a *auditor) check(l sources.Ledger) {
	if l.Received != l.Held+l.Evicted+l.Dropped {
		a.wrong.CompareAndSwap(nil, &l)
	}
}

// sees waits until the account of all stations is as wanted.
func (a *auditor) sees(t *testing.T, what string, wanted func(sources.Ledger) bool) {
	t.Helper()
	eventually(t, what, func() bool {
		l, _, err := a.Ledger(a.ctx)
		if err != nil {
			t.Fatal(err)
		}
		return wanted(l)
	})
}

// closes ends the engine and says what was found.
func (a *auditor) closes(t *testing.T) {
	t.Helper()
	a.end()
	if err := <-a.over; err != nil {
		t.Error(err)
	}
	if err := a.conn.Close(); err != nil {
		t.Error(err)
	}
	if l := a.wrong.Load(); l != nil {
		t.Errorf("received %d, but held %d, evicted %d and dropped %d", l.Received, l.Held, l.Evicted, l.Dropped)
	}
	if n := a.snapshots.Load(); n < 10 {
		t.Errorf("only %d snapshots were looked into", n)
	}
}
