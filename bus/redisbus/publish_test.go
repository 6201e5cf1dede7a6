package redisbus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
)

func TestPublishReceipts(t *testing.T) {
	s := start(t)
	b, app, ctx := connect(t, s.URL()), client(t, s.URL()), limited(t)
	openOne(t, b, "news", bus.From{})
	openOne(t, b, "ne[a-z]s", bus.From{})
	headers := bus.Headers{{Name: "Event-Type", Value: "Created"}}

	got, err := b.Publish(ctx, bus.Outgoing{Station: "news", Headers: headers, Data: []byte("1")})
	if err != nil || got.Receivers != 0 || !strings.Contains(got.Text, "nobody listens") || !strings.Contains(got.Text, "without its 1 headers") {
		t.Errorf("receipt %+v, %v: nobody but the session listens", got, err)
	}
	sub := app.Subscribe(ctx, "news")
	defer func() { _ = sub.Close() }()
	if _, err := sub.Receive(ctx); err != nil {
		t.Fatal(err)
	}
	got, err = b.Publish(ctx, bus.Outgoing{Station: "ne[a-z]s", Subject: "news", Data: []byte("2")})
	if err != nil || got.Receivers != 1 || !strings.Contains(got.Text, "not acceptance") {
		t.Errorf("receipt %+v, %v: one other listens", got, err)
	}
	if _, err = b.Publish(ctx, bus.Outgoing{Station: "ne[a-z]s"}); err == nil || !strings.Contains(err.Error(), "pattern") {
		t.Errorf("publish to a pattern: %v", err)
	}
	if _, err = b.Publish(ctx, bus.Outgoing{}); err == nil {
		t.Error("publish to nothing works")
	}
	app.XAdd(ctx, &redis.XAddArgs{Stream: "orders", Values: []string{"a", "b"}})
	for _, out := range []bus.Outgoing{
		{Station: "orders", Subject: "orders.17"},
		{Station: "stream:orders"},
		{Station: "orders", Kind: bus.Log},
		{Station: "orders", Kind: bus.Stream},
	} {
		out.Headers, out.Data = headers, []byte(`{"n":1}`)
		if got, err = b.Publish(ctx, out); err != nil || got.Station != "orders" || got.Position.IsZero() || !strings.Contains(got.Text, "stored in orders as") {
			t.Errorf("%+v: receipt %+v, %v", out, got, err)
		}
	}
	if n := app.XLen(ctx, "orders").Val(); n != 5 {
		t.Errorf("the stream has %d entries, want 5", n)
	}
	if got, err = b.Publish(ctx, bus.Outgoing{Station: "channel:orders"}); err != nil || got.Station != "" {
		t.Errorf("receipt of the channel %+v, %v", got, err)
	}
	app.Set(ctx, "text", "x", 0)
	if _, err = b.Publish(ctx, bus.Outgoing{Station: "text", Kind: bus.Log}); err == nil || !strings.Contains(err.Error(), "text") {
		t.Errorf("publish to a string as a stream: %v", err)
	}
	if err = b.Make(ctx, bus.NewStation{Name: "text"}); err == nil || !strings.Contains(err.Error(), "string already") {
		t.Errorf("make a stream where a string is: %v", err)
	}
}

// work runs a worker until n messages were handled, and lists them as "data×delivery".
func work(t *testing.T, b *Bus, job bus.Job, n int, verdict func(data string) bus.Verdict) []string {
	t.Helper()
	ctx, cancel := context.WithCancel(limited(t))
	defer cancel()
	var seen []string
	err := b.Work(ctx, job, func(_ context.Context, m bus.Message, delivery int) bus.Verdict {
		seen = append(seen, fmt.Sprintf("%s×%d", m.Data, delivery))
		if len(seen) == n {
			cancel()
		}
		return verdict(string(m.Data))
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("work ended after %q: %v", seen, err)
	}
	return seen
}

func TestWorkGivesUpAndTakesOver(t *testing.T) {
	s := start(t)
	b, app, ctx := connect(t, s.URL()), client(t, s.URL()), limited(t)
	for _, data := range []string{"a", "poison", "b"} {
		app.XAdd(ctx, &redis.XAddArgs{Stream: "orders", Values: []string{"data", data}})
	}
	app.XGroupCreate(ctx, "orders", "mailer", "0")
	// Another member took one and died.
	app.XReadGroup(ctx, &redis.XReadGroupArgs{Group: "mailer", Consumer: "gone", Streams: []string{"orders", ">"}, Count: 1})
	job := bus.Job{Station: "orders", Consumer: "mailer", AckWait: 50 * time.Millisecond, MaxDeliver: 3}
	seen := work(t, b, job, 5, func(data string) bus.Verdict {
		switch data {
		case "poison":
			return bus.Nak
		case "a":
			return bus.Term
		}
		return bus.Ack
	})
	slices.Sort(seen)
	if want := []string{"a×2", "b×1", "poison×1", "poison×2", "poison×3"}; !slices.Equal(seen, want) {
		t.Errorf("handled %q, want %q", seen, want)
	}
	app.XAdd(ctx, &redis.XAddArgs{Stream: "orders", Values: []string{"data", "c"}})
	if seen = work(t, b, job, 1, func(string) bus.Verdict { return bus.Ack }); !slices.Equal(seen, []string{"c×1"}) {
		t.Errorf("handled %q, want c alone: the poison was given up", seen)
	}
	if p := app.XPending(ctx, "orders", "mailer").Val(); p.Count != 0 {
		t.Errorf("pending %+v", p)
	}
}

func TestWorkComesAgainAfterAckWait(t *testing.T) {
	s := start(t)
	b, app, ctx := connect(t, s.URL()), client(t, s.URL()), limited(t)
	app.XAdd(ctx, &redis.XAddArgs{Stream: "orders", Values: []string{"data", "a"}})
	job := bus.Job{Station: "orders", Consumer: "mailer", AckWait: 50 * time.Millisecond}
	if seen := work(t, b, job, 3, func(string) bus.Verdict { return bus.None }); !slices.Equal(seen, []string{"a×1", "a×2", "a×3"}) {
		t.Errorf("handled %q", seen)
	}
}

func TestWorkSurvivesARestart(t *testing.T) {
	s := durable(t)
	b := connect(t, s.URL())
	handled := make(chan string, 10)
	ctx, cancel := context.WithCancel(limited(t))
	done := make(chan error, 1)
	go func() {
		done <- b.Work(ctx, bus.Job{Station: "stream:orders", Consumer: "mailer"}, func(_ context.Context, m bus.Message, _ int) bus.Verdict {
			handled <- string(m.Data)
			return bus.Ack
		})
	}()
	add := func(data string) {
		app := client(t, s.URL())
		app.XAdd(limited(t), &redis.XAddArgs{Stream: "orders", Values: []string{"data", data}})
		if got := <-handled; got != data {
			t.Errorf("handled %q, want %q", got, data)
		}
	}
	add("before")
	s.Kill()
	s.Restart()
	add("after")
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestWorkOnAChannel(t *testing.T) {
	s := start(t)
	b, app := connect(t, s.URL()), client(t, s.URL())
	ctx, cancel := context.WithCancel(limited(t))
	defer cancel()
	handled, done := make(chan string, 10), make(chan error, 1)
	go func() {
		done <- b.Work(ctx, bus.Job{Station: "news", Consumer: "x"}, func(_ context.Context, m bus.Message, _ int) bus.Verdict {
			handled <- string(m.Data)
			return bus.Nak
		})
	}()
	eventually(t, "the worker listens", func() bool { return app.Publish(ctx, "news", "1").Val() == 1 })
	if got := <-handled; got != "1" {
		t.Errorf("handled %q", got)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; !errors.Is(err, fault.ErrClosed) {
		t.Errorf("work ended with %v", err)
	}
}
