package redisbus

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
)

func TestAServerThatStillLoads(t *testing.T) {
	t.Parallel()
	s := start(t, "--loading-process-events-interval-bytes", "1024", "--rdbcompression", "no")
	app, ctx := client(t, s.URL()), limited(t)
	_, err := app.Pipelined(ctx, func(p redis.Pipeliner) error {
		for n := range 2000 {
			p.Set(ctx, fmt.Sprint("key:", n), strings.Repeat("x", 1000), 0)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	must(t, app.Save(ctx))
	b := connect(t, s.URL())
	f := openOne(t, b, "stream:orders", bus.From{})
	s.Kill()
	s.args = append(s.args, "--key-load-delay", "1000") // about two seconds in all
	s.run, s.dead = s.launch()
	eventually(t, "the bus says that the server is loading", func() bool { return strings.Contains(b.Info().Detail, "still loading its data") })
	if _, err := b.Stations(ctx); err == nil {
		t.Error("a server that is loading lists its streams")
	}
	var mu sync.Mutex
	var said []string
	late, err := Connect(ctx, Options{URL: s.URL(), Waiting: func(why string) { mu.Lock(); defer mu.Unlock(); said = append(said, why) }})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = late.Close() }()
	if len(said) == 0 || !strings.Contains(said[0], "still loading its data (") || !strings.Contains(said[0], "s left") {
		t.Errorf("while it waited Connect said %q", said)
	}
	eventually(t, "the bus is live", func() bool { return b.Info().Link == bus.Live })
	must(t, client(t, s.URL()).XAdd(ctx, &redis.XAddArgs{Stream: "orders", Values: []string{"a", "b"}}))
	var g got
	g.count(t, f, 1)
}

func TestHugeEntriesAreAskedAboutRarely(t *testing.T) {
	s := start(t)
	b, err := Connect(limited(t), Options{URL: s.URL(), Body: 1000})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	app, ctx := client(t, s.URL()), limited(t)
	const size = 100 << 20
	must(t, app.XAdd(ctx, &redis.XAddArgs{Stream: "orders", Values: []string{"data", strings.Repeat("x", size)}}))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 20 {
		all, err := b.Stations(ctx)
		if err != nil || len(all) != 1 || all[0].Messages != 1 || all[0].Bytes < size {
			t.Fatalf("stations %+v, %v", all, err)
		}
	}
	if out := sent(t, app); out > 3*size {
		t.Errorf("20 looks at the stations made the server send %d bytes", out)
	}
	f := openOne(t, b, "orders", bus.From{Start: bus.FromAll})
	var g got
	g.count(t, f, 1)
	if m := g.messages[0]; m.Size != size || len(m.Data) != 1000 {
		t.Errorf("size %d, %d bytes", m.Size, len(m.Data))
	}
	runtime.ReadMemStats(&after)
	if taken := after.TotalAlloc - before.TotalAlloc; taken > size/4 {
		t.Errorf("%d bytes were allocated for an entry of %d", taken, size)
	}
}

func TestFlushedServer(t *testing.T) {
	s := start(t)
	b, app, ctx := connect(t, s.URL()), client(t, s.URL()), limited(t)
	must(t, app.XAdd(ctx, &redis.XAddArgs{Stream: "orders", Values: []string{"data", "old"}}))
	must(t, app.Set(ctx, "delivery:1", "old", 0))
	stream, keys := openOne(t, b, "orders", bus.From{Start: bus.FromAll}), openOne(t, b, "keys:delivery:*", bus.From{Start: bus.FromAll})
	var g, k got
	g.count(t, stream, 1)
	k.count(t, keys, 1)
	must(t, app.FlushAll(ctx))
	g.read(t, stream, "a gap", func() bool { return len(g.gaps) > 0 })
	warned(t, b, "was deleted")
	must(t, app.XAdd(ctx, &redis.XAddArgs{Stream: "orders", Values: []string{"data", "new"}}))
	g.count(t, stream, 2)
	must(t, app.ConfigResetStat(ctx))
	eventually(t, "the keys were looked at once and again", func() bool {
		_, calls, _ := strings.Cut(app.Info(ctx, "commandstats").Val(), "cmdstat_scan:calls=")
		return calls != "" && calls[0] >= '2'
	})
	must(t, app.Set(ctx, "delivery:1", "old", 0)) // as before, and yet new
	k.count(t, keys, 2)
}
