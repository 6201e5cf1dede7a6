package redisbus

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/channels"
	"signalbox/bus/redisbus/internal/entries"
)

func TestSentinelFailover(t *testing.T) {
	t.Parallel()
	w := startSentinels(t)
	b := connect(t, w.URL())
	if info := b.Info(); info.Name != "shop" || !info.Loopback || info.URL != w.URL() {
		t.Errorf("info %+v", info)
	}
	app := redis.NewFailoverClient(&redis.FailoverOptions{MasterName: "shop", SentinelAddrs: []string{"127.0.0.1:" + w.ports[0]}, MaxRetries: -1, DialTimeout: patience, ReadTimeout: patience})
	t.Cleanup(func() { _ = app.Close() })
	stream, channel := openOne(t, b, "stream:orders", bus.From{Start: bus.FromAll}), openOne(t, b, "news", bus.From{})
	ctx, cancel := context.WithCancel(limited(t))
	defer cancel()
	sent := adding(ctx, app)
	var g, c got
	g.count(t, stream, 200)
	w.failsOver(t)
	w.master.Kill()
	c.read(t, channel, "a gap", func() bool { return len(c.gaps) > 0 })
	if gap := c.gaps[0]; !gap.Unknown || gap.Why != channels.Reconnected {
		t.Errorf("gap %+v", gap)
	}
	after := len(g.messages)
	g.count(t, stream, after+200)
	cancel()
	taken := sent()
	stored := client(t, w.replica.URL()).XRange(limited(t), "orders", "-", "+").Val()
	last := entries.Position(stored[len(stored)-1].ID)
	g.read(t, stream, "the last entry", func() bool { return g.messages[len(g.messages)-1].Position == last })
	repeated, missed, unstored := against(g.messages, stored)
	t.Logf("failover: %d taken, %d stored, %d received, %d repeated, %d missed, %d received that the new master never had", taken, len(stored), len(g.messages), repeated, missed, unstored)
	if repeated+missed > 0 || unstored == 0 && len(g.gaps) > 0 {
		t.Errorf("gaps %+v", g.gaps)
	}
	if err := app.Publish(limited(t), "news", "after").Err(); err != nil {
		t.Fatal(err)
	}
	c.count(t, channel, 1)
	eventually(t, "the bus is live", func() bool { return b.Info().Link == bus.Live })
	if mode := found(t, b.Examine(limited(t)), "server", "mode").Value; !strings.Contains(mode, "sentinel: shop is at "+w.replica.addr()) {
		t.Errorf("mode %q", mode)
	}
	if r, err := b.Publish(limited(t), bus.Outgoing{Station: "orders", Data: []byte("x")}); err != nil || r.Position.IsZero() {
		t.Errorf("publish: %+v, %v", r, err)
	}
}

// against compares what was received with what is stored.
func against(received []bus.Message, stored []redis.XMessage) (repeated, missed, unstored int) {
	count := make(map[bus.Position]int)
	for _, m := range received {
		if count[m.Position]++; count[m.Position] > 1 {
			repeated++
		}
	}
	for _, s := range stored {
		at := entries.Position(s.ID)
		if count[at] == 0 {
			missed++
		}
		delete(count, at)
	}
	return repeated, missed, len(count)
}

func TestSentinelsThatDoNotHelp(t *testing.T) {
	nobody := "127.0.0.1:" + freePort(t)
	s := start(t)
	for url, want := range map[string]string{
		"redis+sentinel://" + nobody + "/shop":     nobody,
		"redis+sentinel://:pw0@" + nobody:          "%2F",
		"redis+sentinel://" + s.addr() + "/shop":   "is no Sentinel",
		"redis+sentinel://" + s.addr() + "/":       "name of a master",
		"redis+nothing://" + s.addr():              "invalid URL scheme",
		"redis+cluster://" + s.addr() + "/3":       "database 0",
		"redis+cluster://" + nobody + "," + nobody: "is the server running",
	} {
		b, err := Connect(limited(t), Options{URL: url})
		if err == nil {
			_ = b.Close()
			t.Errorf("%s: connected", url)
			continue
		}
		if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "pw0") {
			t.Errorf("%s: %v, want %q in it", url, err, want)
		}
	}
	w := (&sentinels{master: s}).sentinel(t)
	if _, err := Connect(limited(t), Options{URL: w.URL()}); err == nil || !strings.Contains(err.Error(), "redis+sentinel://") {
		t.Errorf("connecting to a Sentinel as if it were a server: %v", err)
	}
	if _, err := Connect(limited(t), Options{URL: "redis+sentinel://" + w.addr() + "/other"}); err == nil || !strings.Contains(err.Error(), `no master called "other"`) || errors.Is(err, bus.ErrRefused) {
		t.Errorf("a master that is not known: %v", err)
	}
}
