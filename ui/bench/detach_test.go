package bench

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"testing"

	"signalbox/bus"
	natsbare "signalbox/bus/natsbus/bare"
	"signalbox/bus/redisbus"
	redisbare "signalbox/bus/redisbus/bare"
	"signalbox/sources"
)

// attaches are how often one process attaches to a broker and leaves it.
const attaches = 200

// TestDetachingLeavesNothing attaches to a broker and leaves it, again and again: neither this process nor the server
// keeps anything of it.
func TestDetachingLeavesNothing(t *testing.T) {
	for name, c := range map[string]struct {
		server   func(testing.TB) *broker
		store    func(ctx context.Context, url, station string, payloads [][]byte) error
		connect  func(ctx context.Context, url string) (bus.Bus, error)
		standing func(ctx context.Context, url string) (string, error)
		live     []string // stations besides the one that keeps
	}{
		"nats":  {newNATS, natsbare.Store, connect, standingOfNATS, []string{"live", "live.>"}},
		"redis": {newRedis, redisbare.Store, connectConfiguring, standingOfRedis, []string{"live", "channel:live*", "keys:shop:*"}},
	} {
		t.Run(name, func(t *testing.T) {
			server := c.server(t)
			ctx, cancel := context.WithTimeout(t.Context(), deadline*2)
			defer cancel()
			if err := c.store(ctx, server.url, "kept", payloads(20)); err != nil {
				t.Fatal(err)
			}
			once := func() {
				b, err := c.connect(ctx, server.url)
				if err != nil {
					t.Fatal(err)
				}
				attachOnce(ctx, t, b, append(c.live, "kept"))
			}
			before, err := c.standing(ctx, server.url)
			if err != nil {
				t.Fatal(err)
			}
			once() // what is made once for all
			goroutines, descriptors := runtime.NumGoroutine(), openFiles(t)
			for range attaches {
				once()
			}
			after := ""
			eventually(t, "the server is as it was before", func() bool {
				after, err = c.standing(ctx, server.url)
				return err == nil && after == before
			})
			eventually(t, "goroutines and descriptors are as before", func() bool {
				return runtime.NumGoroutine() <= goroutines+2 && openFiles(t) <= descriptors+2
			})
		})
	}
}

// attachOnce attaches an engine, waits until it has taken in what is kept, and ends both.
func attachOnce(ctx context.Context, t *testing.T, b bus.Bus, stations []string) {
	t.Helper()
	ctx, end := context.WithCancel(ctx)
	defer end()
	engine, over := sources.NewEngine(sources.Options{Memory: 4 << 20}), make(chan error, 1)
	go func() { over <- engine.Run(ctx) }()
	if err := engine.Attach(ctx, b, sources.Selection{Names: stations, From: bus.From{Start: bus.FromAll}}); err != nil {
		t.Fatal(err)
	}
	if err := engine.CaughtUp(ctx); err != nil {
		t.Fatal(err)
	}
	if l, _, err := engine.Ledger(ctx); err != nil || l.Received != 20 {
		t.Fatalf("received %d of 20, %v", l.Received, err)
	}
	end()
	if err := <-over; err != nil {
		t.Error(err)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
}

// connectConfiguring connects to Redis, and may change its settings meanwhile.
func connectConfiguring(ctx context.Context, url string) (bus.Bus, error) {
	return redisbus.Connect(ctx, redisbus.Options{URL: url, AllowConfig: true})
}

// standingOfNATS is what a session may leave behind, in words.
func standingOfNATS(ctx context.Context, url string) (string, error) {
	consumers, err := natsbare.Consumers(ctx, url, "kept")
	return fmt.Sprint(consumers, " consumers"), err
}

func standingOfRedis(ctx context.Context, url string) (string, error) {
	clients, notify, err := redisbare.Standing(ctx, url)
	return fmt.Sprint(clients, " clients, notifies of ", notify), err
}

// openFiles are the descriptors of this process, 0 where the system does not tell.
func openFiles(t testing.TB) int {
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Log("descriptors are not counted here:", err)
	}
	return len(open)
}
