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
)

// lookThrough looks until all keys were looked at once, and says how often that was asked for.
func lookThrough(t *testing.T, b *Bus) (all []bus.Found, calls int) {
	t.Helper()
	eventually(t, "all keys were looked at", func() bool {
		var whole bool
		var err error
		if all, whole, err = b.Find(limited(t)); err != nil {
			t.Fatal(err)
		}
		calls++
		return whole
	})
	return all, calls
}

func TestGroupsOfKeysAreFound(t *testing.T) {
	s := start(t)
	b, app, ctx := connect(t, s.URL()), client(t, s.URL()), limited(t)
	for n := range byte(5) {
		put(t, app, eventKey(time.Now(), n), "CREATE_DELIVERY")
	}
	put(t, app, strings.Replace(eventKey(time.Now(), 9), ":main.", "app.api.", 1), "CREATE_DELIVERY")
	app.Set(ctx, "delivery:01M7XA6ES7N6V2QJ5T1N3M8ZKD", `{"id":"x"}`, 0)
	app.Set(ctx, "session:12", "no JSON", 0)
	app.HSet(ctx, "config", "a", "b")
	app.XAdd(ctx, &redis.XAddArgs{Stream: "log:7", Values: []string{"a", "b"}})
	app.Set(ctx, "page[1]:8", `{"large":"`+strings.Repeat("x", 1<<20)+`"}`, 0)
	all, _ := lookThrough(t, b)
	var names []string
	for _, f := range all {
		names = append(names, fmt.Sprintf("%s %d %s", f.Station, f.Keys, f.Values))
	}
	if want := []string{"keys:*.Event:* 6 hashes", "keys:delivery:* 1 texts"}; !slices.Equal(names, want) {
		t.Fatalf("found %q, want %q", names, want)
	}
	if f := all[0]; len(f.Samples) != 2 || !strings.Contains(string(f.Samples[0].Data), `"type":"CREATE_DELIVERY"`) || !f.Traits.Keyed {
		t.Errorf("found %+v", f)
	}
	var g got
	g.count(t, openOne(t, b, all[0].Station, bus.From{Start: bus.FromAll}), 6)
}

// That there are more ways to name keys than are told apart is said.
func TestManyNamesOfKeysAreTold(t *testing.T) {
	s := start(t)
	b, app, ctx := connect(t, s.URL()), client(t, s.URL()), limited(t)
	for n := range 300 {
		app.Set(ctx, "kind"+string(rune('a'+n/26))+string(rune('a'+n%26))+":1", "{}", 0)
	}
	lookThrough(t, b)
	for {
		select {
		case n := <-b.Notices():
			if strings.Contains(n.Text, "keys are named in more than 256 ways") {
				return
			}
		case <-ctx.Done():
			t.Fatal("it was not told")
		}
	}
}

// What a plain cache of many keys is asked for stays small, however long somebody is attached.
func TestFindingIsCheapOnALargeCache(t *testing.T) {
	s := start(t)
	b, app, ctx := connect(t, s.URL()), client(t, s.URL()), limited(t)
	const many = 50_000
	for from := 0; from < many; from += 5000 {
		if _, err := app.Pipelined(ctx, func(p redis.Pipeliner) error {
			for n := from; n < from+5000; n++ {
				p.Set(ctx, fmt.Sprintf("cache:user:%d", n), "x", 0)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	b.search.First, b.search.Steps = 1, 1
	if stations, err := b.Stations(ctx); len(stations) != 0 || !errors.Is(err, bus.ErrUnfinished) {
		t.Errorf("a search for streams that goes on says %v, %v", stations, err)
	}
	app.ConfigResetStat(ctx)
	all, calls := lookThrough(t, b)
	if len(all) != 0 || calls < 2 {
		t.Errorf("found %v after %d calls, want nothing after some", all, calls)
	}
	for range 100 {
		if _, _, err := b.Find(ctx); err != nil {
			t.Fatal(err)
		}
	}
	asked := commandCalls(t, app)
	if asked["scan"] > 2*many/1000 || asked["keys"] > 0 || asked["type"] > 4 || asked["get"]+asked["getrange"] > 4 {
		t.Errorf("asked %v", asked)
	}
}

// commandCalls is how often the server was asked what since its figures were reset.
func commandCalls(t testing.TB, app *redis.Client) map[string]int {
	t.Helper()
	asked := make(map[string]int)
	for line := range strings.Lines(app.Info(limited(t), "commandstats").Val()) {
		name, rest, ok := strings.Cut(strings.TrimPrefix(line, "cmdstat_"), ":calls=")
		if ok {
			n := 0
			_, _ = fmt.Sscanf(rest, "%d", &n)
			asked[name] = n
		}
	}
	return asked
}

// A user who may not SCAN is told of nothing, and nothing fails.
func TestFindingThatIsRefused(t *testing.T) {
	s := start(t)
	app := client(t, s.URL())
	put(t, app, eventKey(time.Now(), 1), "CREATE_DELIVERY")
	app.Do(limited(t), "ACL", "SETUSER", "guest", "on", ">secret", "~*", "&*", "+@all", "-scan")
	b := connect(t, strings.Replace(s.URL(), "redis://", "redis://guest:secret@", 1))
	if all, _ := lookThrough(t, b); len(all) != 0 {
		t.Errorf("found %v", all)
	}
}
