package redisbus

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/keys"
)

// found is the value of a finding.
func found(t testing.TB, all []bus.Finding, section, name string) bus.Finding {
	t.Helper()
	at := slices.IndexFunc(all, func(f bus.Finding) bool { return f.Section == section && f.Name == name })
	if at < 0 {
		t.Fatalf("nothing about %s/%s in %+v", section, name, all)
	}
	return all[at]
}

func TestExamining(t *testing.T) {
	s := start(t, "--user", "few", "on", ">pw", "~orders", "&news", "+@all", "-xinfo", "-xadd", "-config|set", "-memory")
	app, ctx := client(t, s.URL()), limited(t)
	app.XAdd(ctx, &redis.XAddArgs{Stream: "orders", Values: []string{"a", "b"}})
	before := fmt.Sprint(app.Keys(ctx, "*").Val(), app.ConfigGet(ctx, "*").Val(), app.PubSubChannels(ctx, "*").Val())
	all := connect(t, "redis://few:pw@"+s.addr()).Examine(ctx)
	for name, want := range map[string]string{
		"server/mode": "standalone", "server/keys": "1", "server/database": "0", "rights/user": "few",
		"rights/search for streams": "allowed", "rights/describe streams and groups": "refused", "rights/sizes": "refused",
		"rights/read streams": "not for every key", "rights/subscribe": "not for every channel", "rights/add to streams": "refused",
		"rights/read settings": "allowed", "rights/change settings, with consent": "refused",
		"reading/" + keys.SettingName: "K$h", "reading/slow subscribers": "33554432 8388608 60", "reading/search for streams": "1 looks for 1 keys",
		"trace/streams": "no group", "trace/afterwards": "nothing",
	} {
		section, name, _ := strings.Cut(name, "/")
		f := found(t, all, section, name)
		if !strings.Contains(f.Value, want) {
			t.Errorf("%s/%s is %q, want %q in it", section, name, f.Value, want)
		}
		if warns := f.Value[:min(7, len(f.Value))] == "refused" && name != "add to streams" && name != "change settings, with consent"; warns != (f.Level == bus.Warn) {
			t.Errorf("%s/%s (%q) is of level %d", section, name, f.Value, f.Level)
		}
	}
	for _, f := range connect(t, s.URL()).Examine(ctx) {
		if f.Section == "rights" && f.Name != "user" && f.Value != "allowed" {
			t.Errorf("who may do everything: %+v", f)
		}
	}
	if after := fmt.Sprint(app.Keys(ctx, "*").Val(), app.ConfigGet(ctx, "*").Val(), app.PubSubChannels(ctx, "*").Val()); after != before {
		t.Errorf("examining changed\n%s to\n%s", before, after)
	}
}
