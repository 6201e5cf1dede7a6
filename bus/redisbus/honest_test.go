package redisbus

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/channels"
	"signalbox/bus/redisbus/internal/entries"
)

// cut publishes so much at once that the server cuts off whoever has subscribed, however fast it reads.
const cut = `for i = 1, 2000 do redis.call('PUBLISH', KEYS[1], ARGV[1]) end return 1`

func TestSlowReaderCutLeavesAGap(t *testing.T) {
	s := start(t, "--client-output-buffer-limit", "pubsub 64kb 64kb 1")
	b, app := connect(t, s.URL()), client(t, s.URL())
	f := openOne(t, b, "news", bus.From{})
	before := time.Now()
	if err := app.Eval(limited(t), cut, []string{"news"}, strings.Repeat("x", 1000)).Err(); err != nil {
		t.Fatal(err)
	}
	var g got
	g.read(t, f, "a gap", func() bool { return len(g.gaps) > 0 })
	gap := g.gaps[0]
	if !gap.Unknown || gap.Why != channels.CutOff || gap.Since.After(gap.Until) || gap.Until.Before(before) {
		t.Errorf("gap %+v", gap)
	}
	warned(t, b, "client-output-buffer-limit")
	app.Publish(limited(t), "news", "after")
	g.read(t, f, "the next message", func() bool {
		return len(g.messages) > 0 && string(g.messages[len(g.messages)-1].Data) == "after"
	})
	if link := b.Info().Link; link != bus.Live {
		t.Errorf("the link is %s, though only the subscriptions were cut off", link)
	}
}

// warned waits for a notice with some words.
func warned(t *testing.T, b *Bus, words string) {
	t.Helper()
	deadline := time.After(patience)
	var said []string
	for {
		select {
		case n := <-b.Notices():
			if strings.Contains(n.Text, words) {
				return
			}
			said = append(said, n.Text)
		case <-deadline:
			t.Fatalf("no notice says %q, only %q", words, said)
		}
	}
}

func TestGroupsAreUntouched(t *testing.T) {
	s := start(t)
	b, app, ctx := connect(t, s.URL()), client(t, s.URL()), limited(t)
	for n := range 20 {
		app.XAdd(ctx, &redis.XAddArgs{Stream: "orders", Values: []any{"n", n}})
	}
	app.XGroupCreate(ctx, "orders", "billing", "0")
	if err := app.XReadGroup(ctx, &redis.XReadGroupArgs{Group: "billing", Consumer: "billing-1", Streams: []string{"orders", ">"}, Count: 7}).Err(); err != nil {
		t.Fatal(err)
	}
	state := func() string {
		var pending []string
		for _, p := range app.XPendingExt(ctx, &redis.XPendingExtArgs{Stream: "orders", Group: "billing", Start: "-", End: "+", Count: 100}).Val() {
			pending = append(pending, fmt.Sprint(p.ID, p.Consumer, p.RetryCount))
		}
		members := app.XInfoConsumers(ctx, "orders", "billing").Val()
		return fmt.Sprint(app.XInfoGroups(ctx, "orders").Val(), pending, len(members), members[0].Name, members[0].Pending)
	}
	before := state()
	for _, from := range []string{"all", "new", "last:3", "since:1h"} {
		start, err := bus.ParseFrom(from)
		if err != nil {
			t.Fatal(err)
		}
		f := openOne(t, b, "orders", start)
		app.XAdd(ctx, &redis.XAddArgs{Stream: "other", Values: []string{"a", "b"}})
		if _, err := f.Next(ctx); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	station := bus.Station{Name: "orders", Kind: bus.Log}
	if _, err := b.Get(ctx, station, entries.Position(app.XRange(ctx, "orders", "-", "+").Val()[3].ID)); err != nil {
		t.Error(err)
	}
	consumers, err := b.Consumers(ctx)
	if err != nil || len(consumers) != 1 || consumers[0].Unacked != 7 || consumers[0].Lag != 13 {
		t.Errorf("consumers %+v, %v", consumers, err)
	}
	if after := state(); after != before {
		t.Errorf("the group is\n%s, was\n%s", after, before)
	}
}

func TestTrimmedEntriesAreCounted(t *testing.T) {
	s := start(t)
	b, app, ctx := connect(t, s.URL()), client(t, s.URL()), limited(t)
	f := openOne(t, b, "stream:orders", bus.From{})
	var g got
	for n := range 3 {
		app.XAdd(ctx, &redis.XAddArgs{Stream: "orders", Values: []any{"n", n}})
	}
	g.count(t, f, 3)
	// All at once, so that nobody can read what is trimmed.
	_, err := app.TxPipelined(ctx, func(p redis.Pipeliner) error {
		for n := range 100 {
			p.XAdd(ctx, &redis.XAddArgs{Stream: "orders", MaxLen: 10, Values: []any{"n", n}})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	g.read(t, f, "a gap", func() bool { return len(g.gaps) > 0 })
	if gap := g.gaps[0]; gap.Missed != 90 || gap.Unknown || gap.Why != "trimmed" || !gap.From.Less(gap.To) {
		t.Errorf("gap %+v, want 90 trimmed", gap)
	}
	if len(g.messages) != 13 {
		t.Errorf("%d messages, want 13", len(g.messages))
	}
	_, err = app.TxPipelined(ctx, func(p redis.Pipeliner) error {
		p.XAdd(ctx, &redis.XAddArgs{Stream: "orders", ID: "9999999999999-1", Values: []string{"a", "b"}})
		p.XDel(ctx, "orders", "9999999999999-1")
		p.XAdd(ctx, &redis.XAddArgs{Stream: "orders", ID: "9999999999999-2", Values: []string{"a", "b"}})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	g.read(t, f, "another gap", func() bool { return len(g.gaps) > 1 })
	if gap := g.gaps[1]; gap.Missed != 1 || gap.Why != "deleted" {
		t.Errorf("gap %+v, want 1 deleted", gap)
	}
}

func TestDeletedStreamIsSaid(t *testing.T) {
	s := start(t)
	b, app, ctx := connect(t, s.URL()), client(t, s.URL()), limited(t)
	app.XAdd(ctx, &redis.XAddArgs{Stream: "orders", ID: "5-1", Values: []string{"data", "old"}})
	f := openOne(t, b, "orders", bus.From{Start: bus.FromAll})
	var g got
	g.count(t, f, 1)
	app.Del(ctx, "orders")
	g.read(t, f, "a gap", func() bool { return len(g.gaps) > 0 })
	if gap := g.gaps[0]; gap.Why != "deleted" || !gap.Unknown {
		t.Errorf("gap %+v", gap)
	}
	warned(t, b, "was deleted")
	app.XAdd(ctx, &redis.XAddArgs{Stream: "orders", ID: "1-1", Values: []string{"data", "new"}})
	g.count(t, f, 2)
	if string(g.messages[1].Data) != "new" {
		t.Errorf("messages %+v", g.messages)
	}
	app.Del(ctx, "orders")
	app.LPush(ctx, "orders", "no stream")
	warned(t, b, "another type")
}

func TestOpenWhileTheServerIsAway(t *testing.T) {
	s := start(t)
	b := connect(t, s.URL())
	s.Kill()
	for _, kind := range []bus.Kind{bus.Channel, bus.Log} {
		ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
		_, err := b.Open(ctx, bus.Station{Name: "news", Kind: kind}, bus.From{})
		cancel()
		if !errors.Is(err, bus.ErrUnreachable) || !strings.Contains(err.Error(), "news") {
			t.Errorf("open a %s: %v", kind, err)
		}
	}
	if _, err := b.Stations(limited(t), "news"); !errors.Is(err, bus.ErrUnreachable) {
		t.Errorf("stations: %v", err)
	}
	s.Restart()
	f := openOne(t, b, "news", bus.From{})
	client(t, s.URL()).Publish(limited(t), "news", "hello")
	var g got
	g.count(t, f, 1)
}
