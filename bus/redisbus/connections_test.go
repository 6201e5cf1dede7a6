package redisbus

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
)

// connections are those of a bus that a server has.
func connections(t *testing.T, app *redis.Client) int {
	t.Helper()
	list, err := app.ClientList(limited(t)).Result()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(list, "name=signalbox ")
}

// TestManyStreamsTakeFewConnections reads as many streams as are found of a server that takes fifty clients, and leaves places for
// the others.
func TestManyStreamsTakeFewConnections(t *testing.T) {
	t.Parallel()
	const streams = 1999
	s := start(t, "--maxclients", "50")
	app, ctx := client(t, s.URL()), limited(t)
	add := func(n int) {
		_, err := app.Pipelined(ctx, func(p redis.Pipeliner) error {
			for i := range n {
				p.XAdd(ctx, &redis.XAddArgs{Stream: fmt.Sprint("s:", i), Values: []string{"data", "{}"}})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	add(streams)
	b := connect(t, s.URL())
	feeds := openMany(t, b, streams)
	var others []*redis.Client
	for range 30 {
		other := client(t, s.URL())
		must(t, other.Ping(ctx))
		others = append(others, other)
	}
	if bound := b.servers.Bound(); bound.Connections > 6 || bound.Limit != 50 {
		t.Errorf("the bound is %+v", bound)
	}
	if n := connections(t, app); n > b.servers.Bound().Connections {
		t.Errorf("%d connections", n)
	}
	counts := make([]got, streams)
	for i, f := range feeds {
		counts[i].count(t, f, 1)
	}
	add(streams)
	for i, f := range feeds {
		counts[i].count(t, f, 2)
	}
	if _, err := b.Stations(ctx); err != nil {
		t.Error(err)
	}
	for _, other := range others {
		must(t, other.Ping(ctx))
	}
	if n := connections(t, app); n > b.servers.Bound().Connections {
		t.Errorf("%d connections", n)
	}
	if found := found(t, b.Examine(ctx), "trace", "connections"); !strings.Contains(found.Value, "at most 6 to a server, of the 50 that it takes") {
		t.Errorf("examined: %+v", found)
	}
	for _, f := range feeds {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	eventually(t, "no connection is left", func() bool { return connections(t, app) == 0 })
}

// openMany opens streams, some at once.
func openMany(t *testing.T, b *Bus, n int) []bus.Feed {
	t.Helper()
	feeds, places := make([]bus.Feed, n), make(chan struct{}, 8)
	var all sync.WaitGroup
	ctx := limited(t)
	for i := range feeds {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			var err error
			if feeds[i], err = b.Open(ctx, bus.Station{Name: fmt.Sprint("s:", i), Kind: bus.Log}, bus.From{Start: bus.FromAll}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if t.Failed() {
		t.FailNow()
	}
	return feeds
}

// TestAttachedAndDetached opens and closes a stream again and again, alone and beside others: nothing is left of it.
func TestAttachedAndDetached(t *testing.T) {
	t.Parallel()
	s := start(t)
	b, app, ctx := connect(t, s.URL()), client(t, s.URL()), limited(t)
	must(t, app.XAdd(ctx, &redis.XAddArgs{Stream: "orders", Values: []string{"data", "{}"}}))
	before := 0
	for n := range 200 {
		f := openOne(t, b, "stream:orders", bus.From{Start: bus.FromAll})
		var g got
		g.count(t, f, 1)
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			eventually(t, "the stream's connection is closed", func() bool { before = connections(t, app); return before <= b.servers.Bound().Connections-2 })
		}
	}
	eventually(t, "as many connections as after the first", func() bool { return connections(t, app) <= before })
}

// TestAStreamThatCannotBeReadLeavesOthersAlone makes trouble with one of several streams that are read together.
func TestAStreamThatCannotBeReadLeavesOthersAlone(t *testing.T) {
	t.Parallel()
	s := start(t, "--user", "chief", "on", ">pw", "~*", "&*", "+@all", "--user", "default", "on", "nopass", "~*", "&*", "+@all")
	b, app, ctx := connect(t, s.URL()), client(t, "redis://chief:pw@"+s.addr()), limited(t)
	feeds := openMany(t, b, 4)
	again, slow := openOne(t, b, "stream:s:0", bus.From{Start: bus.FromAll}), openOne(t, b, "stream:slow", bus.From{})
	counts, twin, n := make([]got, 4), got{}, 0
	flows := func() {
		t.Helper()
		n++
		for i := range 3 {
			must(t, app.XAdd(ctx, &redis.XAddArgs{Stream: fmt.Sprint("s:", i), Values: []any{"data", n}}))
			counts[i].count(t, feeds[i], n)
		}
		twin.count(t, again, n)
	}
	flows()
	must(t, app.LPush(ctx, "s:3", "no stream"))
	warned(t, b, "WRONGTYPE")
	flows()
	must(t, app.Do(ctx, "ACL", "SETUSER", "default", "resetkeys", "~s:0", "~s:1", "~s:2", "~slow"))
	warned(t, b, "NOPERM")
	flows()
	large := strings.Repeat("x", 100_000)
	for range 40 { // more than its feed holds, of which nothing is taken
		must(t, app.XAdd(ctx, &redis.XAddArgs{Stream: "slow", Values: []string{"data", large}}))
	}
	for range 10 {
		flows()
	}
	var late got
	late.count(t, slow, 40)
	if len(late.gaps) > 0 || late.messages[39].Size != len(large) {
		t.Errorf("gaps %+v, %d bytes", late.gaps, late.messages[39].Size)
	}
}

// TestWorkersLeaveConnections has more workers than connections: questions are still answered, and all messages handled.
func TestWorkersLeaveConnections(t *testing.T) {
	t.Parallel()
	s := start(t)
	b, app, ctx := connect(t, s.URL()), client(t, s.URL()), limited(t)
	work, stop := context.WithCancel(ctx)
	handled := make(chan string, 100)
	var all sync.WaitGroup
	for i := range 10 {
		key := fmt.Sprint("w:", i)
		all.Go(func() {
			err := b.Work(work, bus.Job{Station: "stream:" + key, Consumer: "stand-in", Temporary: true}, func(_ context.Context, m bus.Message, _ int) bus.Verdict {
				handled <- m.Subject
				return bus.Ack
			})
			if work.Err() == nil || fault.Answer(err) != "" {
				t.Error(err)
			}
		})
		must(t, app.XAdd(ctx, &redis.XAddArgs{Stream: key, Values: []string{"data", "{}"}}))
	}
	for range 10 {
		select {
		case <-handled:
		case <-ctx.Done():
			t.Fatal("not all are handled")
		}
	}
	if _, err := b.Stations(ctx, "stream:w:0"); err != nil {
		t.Error(err)
	}
	if n := connections(t, app); n > b.servers.Bound().Connections {
		t.Errorf("%d connections", n)
	}
	stop()
	all.Wait()
}
