package redisbus

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/entries"
	"signalbox/bus/redisbus/internal/keys"
)

func TestClusterHasItAll(t *testing.T) {
	t.Parallel()
	c := startCluster(t)
	consented(t, c)
	for _, url := range []string{c.URL(), c.servers[2].URL(), "redis://" + c.servers[0].addr() + "?cluster=true"} {
		everything(t, c, connect(t, url))
	}
}

// consented sets what is lacking on every server, and puts it back.
func consented(t *testing.T, c *cluster) {
	t.Helper()
	settings := func() (all []string) {
		for _, s := range c.servers {
			all = append(all, flagsOf(t, client(t, s.URL())))
		}
		return all
	}
	for _, s := range c.servers[1:] {
		must(t, client(t, s.URL()).ConfigSet(limited(t), keys.SettingName, ""))
	}
	before := settings()
	b := withConsent(t, c.URL())
	openOne(t, b, "keys:order:*", bus.From{})
	for _, value := range settings() {
		if (keys.Setting{Value: value}).Missing() != "" {
			t.Errorf("settings %q", settings())
		}
	}
	if err := b.Close(); err != nil || !slices.Equal(settings(), before) {
		t.Errorf("settings %q after the session, were %q; %v", settings(), before, err)
	}
	for _, s := range c.servers {
		must(t, client(t, s.URL()).ConfigSet(limited(t), keys.SettingName, "KA"))
	}
}

// everything exercises what has to reach all servers of a cluster.
func everything(t *testing.T, c *cluster, b *Bus) {
	t.Helper()
	ctx, cancel := context.WithCancel(limited(t))
	defer cancel()
	must(t, c.app.FlushAll(ctx))
	for _, s := range c.servers {
		must(t, client(t, s.URL()).FlushAll(ctx))
	}
	streams, channels := c.oneOf("orders"), c.oneOf("prices")
	for i, key := range streams {
		must(t, c.app.XAdd(ctx, &redis.XAddArgs{Stream: key, Values: []string{"data", key}}))
		must(t, c.app.XGroupCreate(ctx, key, "billing", "0"))
		sub := client(t, c.servers[i].URL()).SSubscribe(ctx, channels[i])
		defer func() { _ = sub.Close() }()
		plain := client(t, c.servers[i].URL()).Subscribe(ctx, "news")
		defer func() { _ = plain.Close() }()
		for _, s := range []*redis.PubSub{sub, plain} {
			if _, err := s.Receive(ctx); err != nil {
				t.Fatal(err)
			}
		}
	}
	var want []string
	for i := range streams {
		want = append(want, "redis-stream "+streams[i], "sharded sharded:"+channels[i])
	}
	want = append(want, "channel news")
	slices.Sort(want)
	eventually(t, strings.Join(want, ", ")+" are discovered, and news with one subscriber at each server", func() bool {
		all, err := b.Stations(ctx)
		return err == nil && slices.Equal(listed(all), want) &&
			all[slices.IndexFunc(all, func(s bus.Station) bool { return s.Name == "news" })].Consumers == 3
	})
	if groups, err := b.Consumers(ctx); err != nil || len(groups) < 3 {
		t.Errorf("consumers %+v, %v", groups, err)
	}
	keys := openOne(t, b, "keys:delivery:*", bus.From{})
	for i := range streams {
		stream, sharded, news := openOne(t, b, streams[i], bus.From{Start: bus.FromAll}), openOne(t, b, "sharded:"+channels[i], bus.From{}), openOne(t, b, "news", bus.From{})
		if r, err := b.Publish(ctx, bus.Outgoing{Station: streams[i], Data: []byte("{}")}); err != nil || r.Position.IsZero() {
			t.Errorf("publish to %s: %+v, %v", streams[i], r, err)
		}
		if r, err := b.Publish(ctx, bus.Outgoing{Station: "sharded:" + channels[i], Data: []byte("{}")}); err != nil || r.Receivers != 1 {
			t.Errorf("publish on %s: %+v, %v", channels[i], r, err)
		}
		if r, err := b.Publish(ctx, bus.Outgoing{Station: "news", Data: []byte("{}")}); err != nil || r.Receivers != -1 {
			t.Errorf("publish on news: %+v, %v", r, err)
		}
		must(t, c.app.Set(ctx, "delivery:"+streams[i], "x", 0))
		for f, n := range map[bus.Feed]int{stream: 2, sharded: 1, news: 1} {
			var g got
			g.count(t, f, n)
			_ = f.Close()
		}
	}
	var g got
	g.count(t, keys, 3)
	_ = keys.Close()
	if mode := found(t, b.Examine(ctx), "server", "mode").Value; !strings.Contains(mode, "cluster of 3 masters") {
		t.Errorf("mode %q", mode)
	}
}

func TestClusterSlotMoves(t *testing.T) {
	t.Parallel()
	c := startCluster(t)
	b := connect(t, c.URL())
	from := c.owner("orders")
	to := (from + 1) % 3
	stream, sharded := openOne(t, b, "stream:orders", bus.From{Start: bus.FromAll}), openOne(t, b, "sharded:{orders}", bus.From{})
	ctx, cancel := context.WithCancel(limited(t))
	defer cancel()
	sent := adding(ctx, c.app)
	var g, s got
	g.count(t, stream, 200)
	c.move("orders", from, to)
	after := len(g.messages)
	g.count(t, stream, after+200)
	warned(t, b, "its slot moved there")
	s.read(t, sharded, "a gap", func() bool { return len(s.gaps) > 0 })
	if err := c.app.SPublish(ctx, "{orders}", "after").Err(); err != nil {
		t.Fatal(err)
	}
	s.count(t, sharded, 1)
	c.move("orders", to, from)
	g.count(t, stream, len(g.messages)+200)
	cancel()
	taken := sent()
	stored := c.app.XRange(limited(t), "orders", "-", "+").Val()
	last := entries.Position(stored[len(stored)-1].ID)
	g.read(t, stream, "the last entry", func() bool { return g.messages[len(g.messages)-1].Position == last })
	repeated, missed, unstored := against(g.messages, stored)
	t.Logf("slot moved twice: %d taken, %d stored, %d received, %d repeated, %d missed", taken, len(stored), len(g.messages), repeated, missed)
	if repeated+missed+unstored > 0 || len(g.gaps) > 0 || taken != len(stored) {
		t.Errorf("gaps %+v, %d received that were never stored", g.gaps, unstored)
	}
	if !slices.IsSortedFunc(g.messages, func(a, b bus.Message) int {
		if a.Position.Less(b.Position) {
			return -1
		}
		return 1
	}) {
		t.Error("not in order")
	}
}

func TestClusterOpensWhatIsOnItsWay(t *testing.T) {
	t.Parallel()
	c := startCluster(t)
	b, ctx := connect(t, c.URL()), limited(t)
	must(t, c.app.XAdd(ctx, &redis.XAddArgs{Stream: "orders", Values: []string{"data", "1"}}))
	from := c.owner("orders")
	to, slot := (from+1)%3, c.slot("orders")
	source, target := client(t, c.servers[from].URL()), client(t, c.servers[to].URL())
	must(t, target.Do(ctx, "CLUSTER", "SETSLOT", slot, "IMPORTING", c.ids[from]))
	must(t, source.Do(ctx, "CLUSTER", "SETSLOT", slot, "MIGRATING", c.ids[to]))
	must(t, source.Do(ctx, "MIGRATE", "127.0.0.1", c.servers[to].port, "orders", 0, 5000))
	f := openOne(t, b, "stream:orders", bus.From{Start: bus.FromAll})
	receipt, err := b.Publish(ctx, bus.Outgoing{Station: "stream:orders", Data: []byte("2")})
	if err != nil {
		t.Fatal(err)
	}
	var g got
	g.count(t, f, 2)
	if g.messages[1].Position != receipt.Position {
		t.Errorf("messages %+v, %+v", g.messages, receipt)
	}
	if m, err := b.Get(ctx, bus.Station{Name: "orders", Kind: bus.Log}, receipt.Position); err != nil || string(m.Data) != "2" {
		t.Errorf("get: %+v, %v", m, err)
	}
	must(t, target.Do(ctx, "CLUSTER", "SETSLOT", slot, "NODE", c.ids[to]))
	must(t, source.Do(ctx, "CLUSTER", "SETSLOT", slot, "NODE", c.ids[to]))
	must(t, c.app.XAdd(ctx, &redis.XAddArgs{Stream: "orders", Values: []string{"data", "3"}}))
	g.count(t, f, 3)
}

func TestClusterFailover(t *testing.T) {
	t.Parallel()
	c := startCluster(t)
	b, ctx := connect(t, c.URL()), limited(t)
	at := c.owner("orders")
	replica := c.replica(at)
	stream, channel, keys := openOne(t, b, "stream:orders", bus.From{Start: bus.FromAll}), openOne(t, b, "sharded:{orders}", bus.From{}), openOne(t, b, "keys:{orders}:*", bus.From{})
	var g, s, k got
	for n := range 100 {
		must(t, c.app.XAdd(ctx, &redis.XAddArgs{Stream: "orders", Values: []any{"n", n}}))
	}
	g.count(t, stream, 100)
	eventually(t, "the replica has all", func() bool {
		return strings.Contains(client(t, replica.URL()).Info(ctx, "replication").Val(), "master_link_status:up") &&
			client(t, c.servers[at].URL()).Do(ctx, "WAIT", 1, 1000).Val() == int64(1)
	})
	failsOver(t, append(c.servers, replica)...)
	c.servers[at].Kill()
	eventually(t, "the replica has taken over", func() bool {
		return c.app.XAdd(ctx, &redis.XAddArgs{Stream: "orders", Values: []any{"n", "after"}}).Err() == nil
	})
	g.count(t, stream, 101)
	if len(g.gaps) > 0 || !strings.Contains(string(g.messages[100].Data), "after") {
		t.Errorf("gaps %+v, last %+v", g.gaps, g.messages[100])
	}
	s.read(t, channel, "a gap", func() bool { return len(s.gaps) > 0 })
	s.hear(t, channel, func(ctx context.Context) error { return c.app.SPublish(ctx, "{orders}", "after").Err() })
	k.read(t, keys, "a gap", func() bool { return len(k.gaps) > 0 })
	k.hear(t, keys, func(ctx context.Context) error { return c.app.Set(ctx, "{orders}:1", "after", 0).Err() })
	eventually(t, "the bus is live", func() bool { return b.Info().Link == bus.Live })
}
