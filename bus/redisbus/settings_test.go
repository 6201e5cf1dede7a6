package redisbus

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/keys"
	"signalbox/bus/redisbus/internal/servers"
)

func flagsOf(t testing.TB, app *redis.Client) string {
	t.Helper()
	all, err := app.ConfigGet(limited(t), keys.SettingName).Result()
	if err != nil {
		t.Fatal(err)
	}
	return all[keys.SettingName]
}

func TestConsentIsAskedForExactlyAndPutBack(t *testing.T) {
	for _, was := range []string{"", "xE", "AE"} {
		s := start(t, "--notify-keyspace-events", was)
		app := client(t, s.URL())
		was := flagsOf(t, app)
		asks, err := connect(t, s.URL()).Stations(limited(t), "keys:order:*")
		if err != nil || len(asks) != 1 || !strings.Contains(asks[0].Reading, keys.Setting{Value: was}.Command()) || !strings.Contains(asks[0].Reading, "--allow-config") ||
			!strings.Contains(asks[0].Reading, "SCAN every 100ms, up to 100ms behind") {
			t.Errorf("station %+v, %v", asks, err)
		}
		b := withConsent(t, s.URL())
		f := openOne(t, b, "keys:order:*", bus.From{})
		if is := flagsOf(t, app); (keys.Setting{Value: is}).Missing() != "" || strings.Trim(was, is) != "" {
			t.Errorf("the setting is %q, was %q", is, was)
		}
		app.Set(limited(t), "order:1", "x", 0)
		var g got
		g.count(t, f, 1)
		if again, err := b.Stations(limited(t), "keys:order:*"); err != nil || !strings.Contains(again[0].Reading, "put back") {
			t.Errorf("station %+v, %v", again, err)
		}
		if err := b.Close(); err != nil {
			t.Error(err)
		}
		if is := flagsOf(t, app); is != was {
			t.Errorf("the setting is %q after the session, was %q", is, was)
		}
	}
}

func TestWhatSomebodyElseSetStays(t *testing.T) {
	s := start(t)
	app, b := client(t, s.URL()), withConsent(t, s.URL())
	openOne(t, b, "keys:*", bus.From{})
	app.ConfigSet(limited(t), keys.SettingName, "AKE")
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	if is := flagsOf(t, app); is != "AKE" {
		t.Errorf("the setting is %q, somebody else had set AKE", is)
	}
}

func TestCloseSaysWhenASettingStays(t *testing.T) {
	s := start(t)
	b := withConsent(t, s.URL())
	openOne(t, b, "keys:*", bus.From{})
	s.Kill()
	if err := b.Close(); err == nil || !strings.Contains(err.Error(), `CONFIG SET notify-keyspace-events ""`) {
		t.Errorf("close: %v", err)
	}
}

func TestConsentGivenLater(t *testing.T) {
	s := start(t)
	b, app, ctx := connect(t, s.URL()), client(t, s.URL()), limited(t)
	f := openOne(t, b, "keys:order:*", bus.From{})
	all, err := b.Stations(ctx, "keys:order:*")
	if err != nil {
		t.Fatal(err)
	}
	on := bus.Target{Station: all[0]}
	levers := b.Levers(on)
	if len(levers) != 1 || !strings.Contains(levers[0].About, `CONFIG SET notify-keyspace-events "K$h"`) {
		t.Fatalf("levers %+v", levers)
	}
	if done, err := b.Pull(ctx, on, levers[0].Name, nil); err != nil || !strings.Contains(done, `"K$h"`) {
		t.Fatalf("pulled: %q, %v", done, err)
	}
	eventually(t, "the feed listens", func() bool { return app.PubSubNumPat(ctx).Val() == 1 })
	// Overwritten at once: only notifications see both.
	_, err = app.TxPipelined(ctx, func(p redis.Pipeliner) error {
		p.Set(ctx, "order:1", "a", 0)
		p.Set(ctx, "order:1", "b", 0)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var g got
	g.count(t, f, 1)
	if len(b.Levers(on)) != 0 {
		t.Error("the lever is still there")
	}
	if err := b.Close(); err != nil || flagsOf(t, app) != "" {
		t.Errorf("the setting is %q after the session, %v", flagsOf(t, app), err)
	}
}

func TestNotificationsTakenAwayAreAGap(t *testing.T) {
	s := start(t, "--notify-keyspace-events", "AK")
	b, app, ctx := connect(t, s.URL()), client(t, s.URL()), limited(t)
	f := openOne(t, b, "keys:order:*", bus.From{})
	app.Set(ctx, "order:1", "a", 0)
	var g got
	g.count(t, f, 1)
	app.ConfigSet(ctx, keys.SettingName, "")
	app.Set(ctx, "order:2", "unseen", 0)
	g.read(t, f, "a gap", func() bool { return len(g.gaps) > 0 })
	if gap := g.gaps[0]; !gap.Unknown || gap.Why != "notifications were off" || !gap.Since.Before(gap.Until) {
		t.Errorf("gap %+v", gap)
	}
	warned(t, b, "does not tell of keys any more")
	if len(g.messages) > 1 {
		t.Errorf("messages %+v", g.messages)
	}
	// Until polling has begun there is nothing to tell a change by.
	writing, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := 0; servers.Pause(writing, 100*time.Millisecond); n++ {
			app.Set(ctx, "order:3", n, 0)
		}
	}()
	g.count(t, f, 2)
	stop()
	<-done
}

func TestConsentOutlivesARestart(t *testing.T) {
	s := start(t)
	b := withConsent(t, s.URL())
	f := openOne(t, b, "keys:order:*", bus.From{})
	s.Kill()
	s.Restart()
	var g got
	g.read(t, f, "a gap", func() bool { return len(g.gaps) > 0 })
	app := client(t, s.URL())
	eventually(t, "the setting is there again", func() bool { return flagsOf(t, app) != "" && app.PubSubNumPat(limited(t)).Val() == 1 })
	app.Set(limited(t), "order:1", "a", 0)
	g.count(t, f, 1)
	if err := b.Close(); err != nil || flagsOf(t, app) != "" {
		t.Errorf("the setting is %q after the session, %v", flagsOf(t, app), err)
	}
}

func TestRefusalsOfKeys(t *testing.T) {
	s := start(t, "--notify-keyspace-events", "KA",
		"--user", "deaf", "on", ">pw", "~*", "resetchannels", "+@all",
		"--user", "meek", "on", ">pw", "~*", "&*", "+@all", "-config", "-dbsize",
		"--user", "blind", "on", ">pw", "~order:*", "&*", "+@all", "-scan")
	app, ctx := client(t, s.URL()), limited(t)
	as := func(user string) *Bus { return withConsent(t, "redis://"+user+":pw@"+s.addr()) }
	for _, user := range []string{"deaf", "meek", "blind"} {
		b := as(user)
		f := openOne(t, b, "keys:order:*", bus.From{})
		app.HSet(ctx, "order:"+user, "by", user)
		var g got
		g.count(t, f, 1)
		if user == "deaf" {
			warned(t, b, "keys are polled")
		}
	}
	meek, err := as("meek").Stations(ctx, "keys:order:*")
	if err != nil || !strings.Contains(meek[0].Reading, "CONFIG GET") {
		t.Errorf("station %+v, %v", meek, err)
	}
	if is := flagsOf(t, app); is != "AK" {
		t.Errorf("the setting is %q", is)
	}
}
