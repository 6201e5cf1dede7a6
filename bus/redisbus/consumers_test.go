package redisbus

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/entries"
)

func TestConsumers(t *testing.T) {
	s := start(t)
	b, app, ctx := connect(t, s.URL()), client(t, s.URL()), limited(t)
	for n := range 20 {
		app.XAdd(ctx, &redis.XAddArgs{Stream: "orders", Values: []any{"n", n}})
	}
	app.XGroupCreate(ctx, "orders", "billing", "0")
	app.XGroupCreate(ctx, "orders", "idle", "$")
	read := func(member string, count int64) string {
		all, err := app.XReadGroup(ctx, &redis.XReadGroupArgs{Group: "billing", Consumer: member, Streams: []string{"orders", ">"}, Count: count}).Result()
		if err != nil {
			t.Fatal(err)
		}
		return all[0].Messages[0].ID
	}
	first := read("billing-1", 12)
	read("billing-2", 3)
	app.XClaim(ctx, &redis.XClaimArgs{Stream: "orders", Group: "billing", Consumer: "billing-1", Messages: []string{first}})
	openOne(t, b, "news", bus.From{})
	sub := app.Subscribe(ctx, "news")
	defer func() { _ = sub.Close() }()
	if _, err := sub.Receive(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Stations(ctx); err != nil {
		t.Fatal(err)
	}
	all, err := b.Consumers(ctx)
	if err != nil || len(all) != 3 {
		t.Fatalf("consumers %+v, %v", all, err)
	}
	billing, idle, listeners := all[0], all[1], all[2]
	if billing.Station != "orders" || billing.Name != "billing" || billing.Kind != "group" || billing.Lag != 5 || billing.Unacked != 15 ||
		billing.Redelivered != 1 || billing.GivenUp != 0 || billing.AtLeast {
		t.Errorf("billing %+v", billing)
	}
	if len(billing.Pending) != 15 || billing.Pending[0].Position != entries.Position(first) || billing.Pending[0].Deliveries != 2 ||
		billing.Pending[0].Member != "billing-1" || billing.AckFloor != entries.Before(entries.Position(first)) {
		t.Errorf("pending %+v, floor %v", billing.Pending, billing.AckFloor)
	}
	if len(billing.Members) != 2 || billing.Members[0].Pending != 12 || billing.Members[1].Pending != 3 || time.Since(billing.LastActive) > time.Minute {
		t.Errorf("members %+v", billing.Members)
	}
	if idle.Lag != 0 || idle.Unacked != 0 || idle.Redelivered != 0 || idle.AckFloor != idle.Delivered || idle.Delivered.IsZero() || len(idle.Members) != 0 {
		t.Errorf("idle %+v", idle)
	}
	if listeners.Station != "news" || listeners.Kind != "subscribers" || listeners.Waiting != 1 || listeners.Lag != -1 {
		t.Errorf("listeners %+v", listeners)
	}
}

// As long as no station was named or opened, who subscribes to any channel is listed, though there is no stream.
// Of a group with more members than are listed those are that hold something, and how many others there are is told.
func TestManyMembersAreCounted(t *testing.T) {
	s := start(t)
	b, app, ctx := connect(t, s.URL()), client(t, s.URL()), limited(t)
	app.XAdd(ctx, &redis.XAddArgs{Stream: "orders", Values: []any{"n", 1}})
	app.XGroupCreate(ctx, "orders", "billing", "0")
	_, err := app.Pipelined(ctx, func(p redis.Pipeliner) error {
		for n := range 1005 {
			p.XGroupCreateConsumer(ctx, "orders", "billing", fmt.Sprintf("a%04d", n))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	read := &redis.XReadGroupArgs{Group: "billing", Consumer: "z", Streams: []string{"orders", ">"}, Count: 1}
	if err := app.XReadGroup(ctx, read).Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Stations(ctx); err != nil {
		t.Fatal(err)
	}
	all, err := b.Consumers(ctx)
	if err != nil || len(all) != 1 {
		t.Fatalf("%+v, %v", all, err)
	}
	if c := all[0]; len(c.Members) != 1000 || c.MoreMembers != 6 || c.Members[0].Name != "z" {
		t.Errorf("%d members, of which %+v is the first, and %d more", len(c.Members), c.Members[0], c.MoreMembers)
	}
}

func TestSubscribersOfAnyChannel(t *testing.T) {
	s := start(t)
	b, app, ctx := connect(t, s.URL()), client(t, s.URL()), limited(t)
	sub := app.Subscribe(ctx, "news")
	defer func() { _ = sub.Close() }()
	if _, err := sub.Receive(ctx); err != nil {
		t.Fatal(err)
	}
	all, err := b.Consumers(ctx)
	if err != nil || len(all) != 1 || all[0].Station != "news" || all[0].Kind != "subscribers" || all[0].Waiting != 1 {
		t.Errorf("consumers %+v, %v", all, err)
	}
	// A channel that was named as channel:NAME has that name among the consumers, too.
	named, err := b.Stations(ctx, "channel:news")
	if err != nil || len(named) != 1 {
		t.Fatalf("stations %+v, %v", named, err)
	}
	if all, err = b.Consumers(ctx); err != nil || len(all) != 1 || all[0].Station != named[0].Name {
		t.Errorf("consumers %+v, %v, want one of %s", all, err, named[0].Name)
	}
}

// Another session of signalbox only looks on: where it alone listens, nobody does.
func TestOtherSessionsAreNoSubscribers(t *testing.T) {
	s := start(t)
	b, other := connect(t, s.URL()), connect(t, s.URL())
	openOne(t, other, "channel:news", bus.From{})
	named, err := b.Stations(limited(t), "channel:news")
	if err != nil || len(named) != 1 {
		t.Fatalf("stations %+v, %v", named, err)
	}
	all, err := b.Consumers(limited(t))
	if err != nil || len(all) != 1 || all[0].Waiting != 1 || all[0].Sessions != 1 {
		t.Errorf("consumers %+v, %v, want one of news to which another session alone listens", all, err)
	}
}

func TestARefusalDegradesOneThing(t *testing.T) {
	s := start(t, "--user", "few", "on", ">pw", "~*", "&*", "+@all", "-scan", "-xinfo", "-memory", "-time", "-ping")
	app, ctx := client(t, s.URL()), limited(t)
	app.XAdd(ctx, &redis.XAddArgs{Stream: "orders", Values: []string{"data", "old"}})
	sub := app.Subscribe(ctx, "news")
	defer func() { _ = sub.Close() }()
	if _, err := sub.Receive(ctx); err != nil {
		t.Fatal(err)
	}
	b := connect(t, "redis://few:pw@"+s.addr())
	all, err := b.Stations(ctx)
	if !slices.Equal(listed(all), []string{"channel news"}) || !errors.Is(err, bus.ErrRefused) || !strings.Contains(err.Error(), "SCAN") {
		t.Errorf("stations %q, %v", listed(all), err)
	}
	all, err = b.Stations(ctx, "orders")
	if len(all) != 1 || all[0].Kind != bus.Log || !errors.Is(err, bus.ErrRefused) || !strings.Contains(err.Error(), "orders") {
		t.Errorf("station %+v, %v", all, err)
	}
	for _, from := range []bus.From{{Start: bus.FromAll}, {Start: bus.FromSince, Since: time.Hour}, {}} {
		f, err := b.Open(ctx, all[0], from)
		if err != nil {
			t.Fatalf("from %s: %v", from, err)
		}
		app.XAdd(ctx, &redis.XAddArgs{Stream: "orders", Values: []string{"data", "new"}})
		var g got
		g.read(t, f, "a new message", func() bool {
			return len(g.messages) > 0 && string(g.messages[len(g.messages)-1].Data) == "new"
		})
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := b.Consumers(ctx); !errors.Is(err, bus.ErrRefused) || !strings.Contains(err.Error(), "orders") {
		t.Errorf("consumers: %v", err)
	}
}

func TestSearchIsBounded(t *testing.T) {
	s := start(t)
	b, app, ctx := connect(t, s.URL()), client(t, s.URL()), limited(t)
	_, err := app.Pipelined(ctx, func(p redis.Pipeliner) error {
		for n := range 5000 {
			p.Set(ctx, "key:"+string(rune('a'+n%26))+time.Duration(n).String(), n, 0)
		}
		for _, name := range []string{"s1", "s2", "s3"} {
			p.XAdd(ctx, &redis.XAddArgs{Stream: name, Values: []string{"a", "b"}})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b.search.First, b.search.Steps = 2, 2
	_, err = b.Stations(ctx)
	if err == nil || !strings.Contains(err.Error(), "% of about 5003 keys") {
		t.Errorf("stations in the middle of the search: %v", err)
	}
	var all []bus.Station
	calls := 1
	eventually(t, "the search is through", func() bool {
		calls++
		all, err = b.Stations(ctx)
		return err == nil
	})
	if want := []string{"redis-stream s1", "redis-stream s2", "redis-stream s3"}; !slices.Equal(listed(all), want) || calls < 3 {
		t.Errorf("after %d calls: %q, want %q", calls, listed(all), want)
	}
	app.Del(ctx, "s2")
	eventually(t, "the deleted stream is not listed", func() bool {
		all, err = b.Stations(ctx)
		return err == nil && len(all) == 2
	})
}
