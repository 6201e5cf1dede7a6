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
	"signalbox/bus/redisbus/internal/channels"
	"signalbox/bus/redisbus/internal/entries"
	"signalbox/bus/redisbus/internal/servers"
)

// billing makes a stream of 20 entries with a group: billing-1 holds the first 12, billing-2 the next 3.
func billing(t testing.TB, app redis.Cmdable) []string {
	t.Helper()
	ctx := limited(t)
	var ids []string
	for n := range 20 {
		ids = append(ids, app.XAdd(ctx, &redis.XAddArgs{Stream: "orders", Values: []any{"n", n}}).Val())
	}
	app.XGroupCreate(ctx, "orders", "billing", "0")
	for member, count := range map[string]int64{"billing-1": 12} {
		app.XReadGroup(ctx, &redis.XReadGroupArgs{Group: "billing", Consumer: member, Streams: []string{"orders", ">"}, Count: count})
	}
	if err := app.XReadGroup(ctx, &redis.XReadGroupArgs{Group: "billing", Consumer: "billing-2", Streams: []string{"orders", ">"}, Count: 3}).Err(); err != nil {
		t.Fatal(err)
	}
	return ids
}

// target is the group as Consumers lists it.
func target(t testing.TB, b *Bus) bus.Target {
	t.Helper()
	if _, err := b.Stations(limited(t)); err != nil {
		t.Fatal(err)
	}
	all, err := b.Consumers(limited(t))
	at := slices.IndexFunc(all, func(c bus.Consumer) bool { return c.Name == "billing" })
	if err != nil || at < 0 {
		t.Fatalf("consumers %+v, %v", all, err)
	}
	return bus.Target{Station: bus.Station{Name: "orders", Kind: bus.Log}, Consumer: &all[at]}
}

// defaults are a lever's values as they are filled in.
func defaults(t testing.TB, levers []bus.Lever, name string) map[string]string {
	t.Helper()
	at := slices.IndexFunc(levers, func(l bus.Lever) bool { return l.Name == name })
	if at < 0 {
		t.Fatalf("no lever %s in %+v", name, levers)
	}
	values := make(map[string]string)
	for _, f := range levers[at].Fields {
		values[f.Name] = f.Default
	}
	return values
}

func TestGroupLevers(t *testing.T) {
	s := start(t)
	b, app, ctx := connect(t, s.URL()), client(t, s.URL()), limited(t)
	b.session.Pace.Dead = time.Hour
	ids := billing(t, app)
	on := target(t, b)
	levers := b.Levers(on)
	ofMember := func(name string) (all []string) {
		for _, p := range app.XPendingExt(ctx, &redis.XPendingExtArgs{Stream: "orders", Group: "billing", Consumer: name, Start: "-", End: "+", Count: 100}).Val() {
			all = append(all, p.ID)
		}
		return all
	}
	claim := defaults(t, levers, "claim")
	if claim["entry"] != ids[0] || claim["to"] == "billing-1" {
		t.Errorf("claim offers %v", claim)
	}
	claim["to"] = "billing-2"
	if _, err := b.Pull(ctx, on, "claim", claim); err == nil || !strings.Contains(err.Error(), "billing-1 only") {
		t.Errorf("claiming what was delivered just now: %v", err)
	}
	claim["idle"] = "0s"
	if done, err := b.Pull(ctx, on, "claim", claim); err != nil || !strings.Contains(done, ids[0]) || ofMember("billing-2")[0] != ids[0] {
		t.Errorf("claimed: %q, %v; billing-2 has %q", done, err, ofMember("billing-2"))
	}
	if done, err := b.Pull(ctx, on, "acknowledge", map[string]string{"entry": ids[0]}); err != nil || !strings.Contains(done, "acknowledged") || len(ofMember("billing-2")) != 3 {
		t.Errorf("acknowledged: %q, %v", done, err)
	}
	if _, err := b.Pull(ctx, on, "acknowledge", map[string]string{"entry": ids[0]}); !errors.Is(err, bus.ErrMissing) {
		t.Errorf("acknowledged again: %v", err)
	}
	if _, err := b.Pull(ctx, on, "delete-member", map[string]string{"member": "billing-1"}); err == nil || !strings.Contains(err.Error(), "11 entries pending") {
		t.Errorf("deleting a member that has something: %v", err)
	}
	if done, err := b.Pull(ctx, on, "take-over", map[string]string{"from": "billing-1", "to": "billing-3"}); err != nil || !strings.HasPrefix(done, "11 entries") || len(ofMember("billing-3")) != 11 {
		t.Errorf("taken over: %q, %v", done, err)
	}
	if _, err := b.Pull(ctx, on, "delete-member", map[string]string{"member": "billing-1"}); err == nil || !strings.Contains(err.Error(), "not dead") {
		t.Errorf("deleting a member that was there just now: %v", err)
	}
	for _, bad := range []map[string]string{{}, {"entry": "x"}, {"entry": "1-1"}} {
		if done, err := b.Pull(ctx, on, "acknowledge", bad); err == nil {
			t.Errorf("acknowledging %v: %q", bad, done)
		}
	}
	if _, err := b.Pull(ctx, on, "explode", nil); err == nil {
		t.Error("a lever that is not there can be pulled")
	}
}

func TestDeletingADeadMember(t *testing.T) {
	s := start(t)
	b, app, ctx := connect(t, s.URL()), client(t, s.URL()), limited(t)
	app.XGroupCreateMkStream(ctx, "orders", "billing", "0")
	app.XGroupCreateConsumer(ctx, "orders", "billing", "gone")
	on := target(t, b)
	var done string
	eventually(t, "the member counts as dead", func() bool {
		var err error
		done, err = b.Pull(ctx, on, "delete-member", defaults(t, b.Levers(on), "delete-member"))
		if err != nil && !strings.Contains(err.Error(), "not dead") {
			t.Fatal(err)
		}
		return err == nil || !servers.Pause(ctx, 100*time.Millisecond)
	})
	if n := len(app.XInfoConsumers(ctx, "orders", "billing").Val()); n != 0 || !strings.Contains(done, "gone") {
		t.Errorf("%q, %d members are left", done, n)
	}
}

func TestTrimming(t *testing.T) {
	s := start(t)
	b, app, ctx := connect(t, s.URL()), client(t, s.URL()), limited(t)
	billing(t, app)
	all, err := b.Stations(ctx, "orders")
	if err != nil {
		t.Fatal(err)
	}
	on := bus.Target{Station: all[0]}
	if keep := defaults(t, b.Levers(on), leverTrim)["keep"]; keep != "20" {
		t.Errorf("trim offers to keep %s", keep)
	}
	for _, bad := range []string{"", "-1", "x"} {
		if done, err := b.Pull(ctx, on, leverTrim, map[string]string{"keep": bad}); err == nil {
			t.Errorf("keep %q: %q", bad, done)
		}
	}
	done, err := b.Pull(ctx, on, leverTrim, map[string]string{"keep": "5"})
	if err != nil || !strings.Contains(done, "15 oldest") || app.XLen(ctx, "orders").Val() != 5 {
		t.Errorf("%q, %v, %d entries are left", done, err, app.XLen(ctx, "orders").Val())
	}
	if levers := b.Levers(bus.Target{Station: bus.Station{Name: "news", Kind: bus.Channel}}); len(levers) != 0 {
		t.Errorf("levers of a channel: %+v", levers)
	}
}

func TestStanding(t *testing.T) {
	s := start(t)
	b, app, ctx := connect(t, s.URL()), client(t, s.URL()), limited(t)
	ids := billing(t, app)
	app.XAck(ctx, "orders", "billing", ids[0], ids[5])
	c := *target(t, b).Consumer
	for n, want := range map[int]string{0: "done ", 1: "delivered billing-1", 5: "done ", 11: "delivered billing-1", 12: "delivered billing-2", 15: "waiting ", 19: "waiting "} {
		standing, who := b.Standing(c, "orders", entries.Position(ids[n]))
		if got := fmt.Sprint(standing, " ", who); got != want {
			t.Errorf("entry %d is %q, want %q", n, got, want)
		}
	}
	c.Pending = c.Pending[:3] // more than what is listed
	for n, want := range map[int]bus.Standing{0: bus.Done, 1: bus.Delivered, 8: bus.Unknown, 16: bus.Waiting} {
		if got, _ := b.Standing(c, "orders", entries.Position(ids[n])); got != want {
			t.Errorf("entry %d is %q, want %q", n, got, want)
		}
	}
	if got, _ := b.Standing(bus.Consumer{Kind: channels.SubscribersKind}, "news", bus.Position{}); got != bus.Unknown {
		t.Errorf("a channel's message is %q", got)
	}
}

func TestListenersAreNamed(t *testing.T) {
	s := start(t)
	b, app := connect(t, s.URL()), client(t, s.URL())
	ctx, cancel := context.WithCancel(limited(t))
	defer cancel()
	openOne(t, b, "news", bus.From{})
	listen := func(name, channel string) {
		c := client(t, s.URL()+"?client_name="+name)
		sub := c.Subscribe(ctx, channel)
		t.Cleanup(func() { _ = sub.Close() })
		if _, err := sub.Receive(ctx); err != nil {
			t.Fatal(err)
		}
	}
	listen("mailer", "news")
	listeners := func() bus.Consumer {
		all, err := b.Consumers(ctx)
		if err != nil || len(all) != 1 {
			t.Fatalf("consumers %+v, %v", all, err)
		}
		return all[0]
	}
	if c := listeners(); len(c.Members) != 1 || c.Members[0].Name != "mailer" || c.Waiting != 1 {
		t.Errorf("listeners %+v", c)
	}
	listen("other", "elsewhere")
	eventually(t, "nobody is named for certain", func() bool {
		c := listeners()
		return len(c.Members) == 0 && len(c.Details) == 1 && strings.Contains(c.Details[0].Value, "mailer, other")
	})
	if n := app.PubSubNumSub(ctx, "news").Val()["news"]; n != 2 {
		t.Errorf("%d subscribers", n)
	}
}
