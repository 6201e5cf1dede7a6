package redisbus

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
)

func TestChannelsAndPatterns(t *testing.T) {
	url := anyURL(t)
	b, app := connect(t, url), client(t, url)
	exact, pattern := openOne(t, b, "news", bus.From{}), openOne(t, b, "n*", bus.From{})
	if err := app.Publish(limited(t), "news", `{"n":1}`).Err(); err != nil {
		t.Fatal(err)
	}
	if err := app.Publish(limited(t), "notes", "").Err(); err != nil {
		t.Fatal(err)
	}
	var one, all got
	one.count(t, exact, 1)
	all.count(t, pattern, 2)
	if m := one.messages[0]; m.Subject != "news" || string(m.Data) != `{"n":1}` || m.Size != 7 || !m.Position.IsZero() {
		t.Errorf("message %+v", m)
	}
	if all.messages[0].Subject != "news" || all.messages[1].Subject != "notes" || len(all.messages[1].Data) != 0 {
		t.Errorf("messages of the pattern: %+v", all.messages)
	}
}

func TestNamesMeanWhatPeopleMean(t *testing.T) {
	s := start(t)
	b, app := connect(t, s.URL()), client(t, s.URL())
	app.XAdd(limited(t), &redis.XAddArgs{Stream: "orders", Values: []string{"a", "b"}})
	app.XAdd(limited(t), &redis.XAddArgs{Stream: "channel:odd*", Values: []string{"a", "b"}})
	app.Set(limited(t), "plain", "text", 0)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for _, topics := range [][]string{{"orders", "news", "__keyspace@0__:x"}} {
		sub := app.Subscribe(ctx, topics...)
		defer func() { _ = sub.Close() }()
		for range topics {
			if _, err := sub.Receive(limited(t)); err != nil {
				t.Fatal(err)
			}
		}
	}
	all, err := b.Stations(limited(t))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"channel channel:orders", "channel news", "redis-stream orders", "redis-stream stream:channel:odd*"}
	if got := listed(all); !slices.Equal(got, want) {
		t.Errorf("discovered %q, want %q", got, want)
	}
	for name, want := range map[string]string{
		"orders":              "redis-stream orders",
		"channel:orders":      "channel channel:orders",
		"news":                "channel news",
		"plain":               "channel plain",
		"n*":                  "pattern n*",
		"pattern:news":        "pattern pattern:news",
		"sharded:news":        "sharded sharded:news",
		"stream:later":        "redis-stream later",
		"stream:channel:odd*": "redis-stream stream:channel:odd*",
	} {
		got, err := b.Stations(limited(t), name)
		if err != nil || len(got) != 1 || listed(got)[0] != want {
			t.Errorf("station %q is %q, %v; want %q", name, listed(got), err, want)
		}
	}
}

func TestSharded(t *testing.T) {
	s := start(t)
	b, app := connect(t, s.URL()), client(t, s.URL())
	f := openOne(t, b, "sharded:prices", bus.From{})
	receipt, err := b.Publish(limited(t), bus.Outgoing{Station: "sharded:prices", Data: []byte("1")})
	if err != nil || receipt.Receivers != 0 || !strings.Contains(receipt.Text, "nobody listens") {
		t.Errorf("receipt %+v, %v", receipt, err)
	}
	if err := app.SPublish(limited(t), "prices", "2").Err(); err != nil {
		t.Fatal(err)
	}
	var g got
	g.count(t, f, 2)
	if string(g.messages[0].Data)+string(g.messages[1].Data) != "12" {
		t.Errorf("messages %+v", g.messages)
	}
}

func TestOneTopicInSeveralFeeds(t *testing.T) {
	s := start(t)
	b, app := connect(t, s.URL()), client(t, s.URL())
	first, second := openOne(t, b, "news", bus.From{}), openOne(t, b, "news", bus.From{})
	app.Publish(limited(t), "news", "1")
	var a, c got
	a.count(t, first, 1)
	c.count(t, second, 1)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	app.Publish(limited(t), "news", "2")
	c.count(t, second, 2)
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the server has no subscription left", func() bool {
		return app.PubSubNumSub(limited(t), "news").Val()["news"] == 0
	})
	again := openOne(t, b, "news", bus.From{})
	app.Publish(limited(t), "news", "3")
	var d got
	d.count(t, again, 1)
	if string(d.messages[0].Data) != "3" {
		t.Errorf("messages %+v", d.messages)
	}
}

func TestLargePayloadIsCut(t *testing.T) {
	s := start(t)
	b, err := Connect(limited(t), Options{URL: s.URL(), Body: 1000})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	app, large := client(t, s.URL()), strings.Repeat("x", 5<<20)
	channel, stream := openOne(t, b, "news", bus.From{}), openOne(t, b, "stream:log", bus.From{})
	app.Publish(limited(t), "news", large)
	app.XAdd(limited(t), &redis.XAddArgs{Stream: "log", Values: []string{"data", large}})
	app.Publish(limited(t), "news", "next")
	app.XAdd(limited(t), &redis.XAddArgs{Stream: "log", Values: []string{"data", "next"}})
	for _, f := range []bus.Feed{channel, stream} {
		var g got
		g.count(t, f, 2)
		if m := g.messages[0]; m.Size != len(large) || string(m.Data) != large[:1000] {
			t.Errorf("large message: size %d, %d bytes", m.Size, len(m.Data))
		}
		if string(g.messages[1].Data) != "next" {
			t.Errorf("next message %+v", g.messages[1])
		}
	}
}

func TestStreams(t *testing.T) {
	b := connect(t, anyURL(t))
	ctx := limited(t)
	if err := b.Make(ctx, bus.NewStation{Name: "orders"}); err != nil {
		t.Fatal(err)
	}
	live := openOne(t, b, "orders", bus.From{})
	var sent []bus.Position
	for _, data := range []string{`{"n":0}`, "text", `{"n":2}`} {
		receipt, err := b.Publish(ctx, bus.Outgoing{Station: "orders", Data: []byte(data)})
		if err != nil {
			t.Fatal(err)
		}
		sent = append(sent, receipt.Position)
	}
	last := openOne(t, b, "orders", bus.From{Start: bus.FromLast, Last: 2})
	for f, want := range map[bus.Feed][]bus.Position{live: sent, last: sent[1:]} {
		var g got
		g.count(t, f, len(want))
		for i, m := range g.messages {
			if m.Position != want[i] || m.Subject != "orders" || len(m.Headers) != 0 {
				t.Errorf("message %d: %+v, want it at %v", i, m, want[i])
			}
		}
	}
	if m, err := b.Get(ctx, bus.Station{Name: "orders", Kind: bus.Log}, sent[1]); err != nil || string(m.Data) != "text" {
		t.Errorf("get: %+v, %v", m, err)
	}
	if seen := work(t, b, bus.Job{Station: "orders", Consumer: "mailer"}, 3, func(string) bus.Verdict { return bus.Ack }); len(seen) != 3 {
		t.Errorf("handled %q", seen)
	}
}
