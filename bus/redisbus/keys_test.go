package redisbus

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oklog/ulid/v2"
	"github.com/redis/go-redis/v9"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/keys"
)

// eventKey is the key of an event that was made at a moment, as redis_om writes it.
func eventKey(at time.Time, n byte) string {
	id := ulid.ULID{}
	_ = id.SetTime(ulid.Timestamp(at))
	_ = id.SetEntropy([]byte{n, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	return ":main.Event:" + id.String()
}

// put writes an event as the deliveries application does.
func put(t testing.TB, app redis.Cmdable, key, kind string) {
	t.Helper()
	if err := app.HSet(limited(t), key, "pk", key[strings.LastIndex(key, ":")+1:], "delivery_id", "d-1", "type", kind, "data", `{"budget": 50}`).Err(); err != nil {
		t.Fatal(err)
	}
}

// types are what kinds of events came, in order.
func (g *got) types() string {
	var all []string
	for _, m := range g.messages {
		_, rest, _ := strings.Cut(string(m.Data), `"type":"`)
		kind, _, _ := strings.Cut(rest, `"`)
		all = append(all, kind)
	}
	return strings.Join(all, " ")
}

func withConsent(t testing.TB, url string) *Bus {
	t.Helper()
	b, err := Connect(limited(t), Options{URL: url, AllowConfig: true})
	if err != nil {
		t.Fatal(err)
	}
	b.session.Pace = quick
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func TestKeysByNotification(t *testing.T) {
	s := start(t, "--notify-keyspace-events", "KA")
	b, app, ctx := connect(t, s.URL()), client(t, s.URL()), limited(t)
	made := time.Now().Truncate(time.Millisecond)
	events, copies := openOne(t, b, "keys:*.Event:*", bus.From{}), openOne(t, b, "keys:delivery:*", bus.From{})
	key := eventKey(made, 1)
	put(t, app, key, "CREATE_DELIVERY")
	app.Set(ctx, "delivery:d-1", `{"id":"d-1","status":"ready"}`, time.Hour)
	app.Expire(ctx, "delivery:d-1", time.Minute)
	var e, c got
	e.count(t, events, 1)
	c.count(t, copies, 1)
	app.Del(ctx, key)
	app.Set(ctx, "delivery:d-1", "text", 0)
	c.count(t, copies, 2)
	if m := e.messages[0]; m.Subject != key || !m.Time().Equal(made) || !m.Position.IsZero() || len(m.Headers) != 0 {
		t.Errorf("message %+v", m)
	}
	if m := c.messages[1]; m.Subject != "delivery:d-1" || string(m.Data) != "text" || m.Size != 4 || time.Since(m.Time()) > time.Minute {
		t.Errorf("message %+v", m)
	}
	again := time.Now()
	put(t, app, key, "START_DELIVERY")
	e.messages = nil
	e.count(t, events, 1)
	want := fmt.Sprintf(`{"data":"{\"budget\": 50}","delivery_id":"d-1","pk":"%s","type":"START_DELIVERY"}`, key[len(":main.Event:"):])
	if m := e.messages[0]; string(m.Data) != want || m.Size != len(want) || m.Time().Before(again) {
		t.Errorf("message %s of %s, want %s of when it was written again, %s", m.Data, m.Time(), want, again)
	}
	old := eventKey(made.Add(-time.Hour), 2)
	put(t, app, old, "CREATE_DELIVERY")
	e.messages = nil
	e.count(t, events, 1)
	if m := e.messages[0]; m.Subject != old || m.Time().Before(again) {
		t.Errorf("%s, which may have been there before, is of %s", m.Subject, m.Time())
	}
	_, err := app.TxPipelined(ctx, func(p redis.Pipeliner) error {
		p.HSet(ctx, ":main.Event:gone", "a", "b")
		p.Del(ctx, ":main.Event:gone")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	e.read(t, events, "a gap", func() bool { return len(e.gaps) > 0 })
	if gap := e.gaps[0]; gap.Missed != 1 || gap.Unknown || !strings.Contains(gap.Why, "deleted before") {
		t.Errorf("gap %+v", gap)
	}
	if owed := b.keys.Settings.Changes(); owed != "" {
		t.Errorf("something was changed though nothing was lacking: %s", owed)
	}
}

func TestKeysThatAreThere(t *testing.T) {
	s := start(t)
	app, now := client(t, s.URL()), time.Now()
	for i, kind := range []string{"D", "B", "C", "A"} { // in no order of their own
		put(t, app, eventKey(now.Add(-time.Duration("DCBA"[i]-'A'+1)*time.Hour), 1), "E"+kind)
	}
	for _, flags := range []string{"", "Kh$"} {
		if err := app.ConfigSet(limited(t), keys.SettingName, flags).Err(); err != nil {
			t.Fatal(err)
		}
		b := connect(t, s.URL())
		for from, want := range map[string]string{"all": "ED EB EC EA", "last:2": "EC EA", "since:150m": "EC EA", "new": ""} {
			start, err := bus.ParseFrom(from)
			if err != nil {
				t.Fatal(err)
			}
			f := openOne(t, b, "keys:*.Event:*", start)
			var g got
			caught := false
			for ctx := limited(t); !caught; {
				batch, err := f.Next(ctx)
				if err != nil {
					t.Fatal(err)
				}
				g.messages, caught = append(g.messages, batch.Messages()...), batch.CaughtUp
				batch.Settle()
			}
			if got := g.types(); !sameWords(got, want) {
				t.Errorf("flags %q, from %s: %q, want %q", flags, from, got, want)
			}
			for i := 1; i < len(g.messages); i++ {
				if g.messages[i].Time().Before(g.messages[i-1].Time()) {
					t.Errorf("flags %q, from %s: %q is not in the order of time", flags, from, g.types())
				}
			}
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

func sameWords(a, b string) bool {
	x, y := strings.Fields(a), strings.Fields(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

func TestNothingTwiceBetweenWhatWasThereAndWhatCame(t *testing.T) {
	s := start(t, "--notify-keyspace-events", "Kh")
	b, app, ctx := withConsent(t, s.URL()), client(t, s.URL()), limited(t)
	const before, after = 3000, 3000
	write := func(from, to int) {
		for part := from; part < to; part += 500 {
			_, err := app.Pipelined(ctx, func(p redis.Pipeliner) error {
				for n := part; n < part+500; n++ {
					p.HSet(ctx, fmt.Sprintf("order:%d", n), "n", n)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		}
	}
	write(0, before)
	done := make(chan struct{})
	go func() { defer close(done); write(before, before+after) }()
	f := openOne(t, b, "keys:order:*", bus.From{Start: bus.FromAll})
	seen := make(map[string]int)
	for len(seen) < before+after {
		batch, err := f.Next(ctx)
		if err != nil {
			t.Fatalf("after %d keys: %v", len(seen), err)
		}
		for _, m := range batch.Messages() {
			if seen[m.Subject]++; seen[m.Subject] > 1 {
				t.Fatalf("%s came twice", m.Subject)
			}
			if want := fmt.Sprintf(`{"n":"%s"}`, strings.TrimPrefix(m.Subject, "order:")); string(m.Data) != want {
				t.Fatalf("%s came with %s, want %s", m.Subject, m.Data, want)
			}
		}
		if batch.Dropped > 0 || len(batch.Gaps) > 0 {
			t.Fatalf("dropped %d, gaps %+v", batch.Dropped, batch.Gaps)
		}
		batch.Settle() // the subjects are kept
	}
	<-done
}

func TestKeysArePolledWithoutConsent(t *testing.T) {
	s := start(t)
	b, app, ctx := connect(t, s.URL()), client(t, s.URL()), limited(t)
	app.Set(ctx, "delivery:old", "1", 0)
	app.Set(ctx, "delivery:same", "1", 0)
	app.XAdd(ctx, &redis.XAddArgs{Stream: "delivery:stream", Values: []string{"a", "b"}})
	f := openOne(t, b, "keys:delivery:*", bus.From{})
	app.Set(ctx, "delivery:same", "1", 0)
	app.Set(ctx, "delivery:old", "2", 0)
	app.HSet(ctx, "delivery:new", "status", "ready")
	var g got
	g.count(t, f, 2)
	if all := g.bySubject(); len(all) != 2 || all["delivery:old"] != "2" || all["delivery:new"] != `{"status":"ready"}` {
		t.Errorf("messages %v", all)
	}
	if flags := app.ConfigGet(ctx, keys.SettingName).Val()[keys.SettingName]; flags != "" {
		t.Errorf("without consent the setting became %q", flags)
	}
}

// Keys that are known are not read again by every look: new ones are, those that are overwritten in their turn, and are then of
// the time when that was seen.
func TestPollingReadsWhatIsNew(t *testing.T) {
	s := start(t)
	b, app, ctx := connect(t, s.URL()), client(t, s.URL()), limited(t)
	const many = 2000
	made := time.Now().Add(-time.Hour).Truncate(time.Millisecond)
	if _, err := app.Pipelined(ctx, func(p redis.Pipeliner) error {
		for n := range many {
			p.HSet(ctx, eventKey(made.Add(time.Duration(n)*time.Millisecond), 1), "type", "OLD")
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	f := openOne(t, b, "keys:*.Event:*", bus.From{Start: bus.FromAll})
	var g got
	g.count(t, f, many)
	for i, m := range g.messages {
		if want := made.Add(time.Duration(i) * time.Millisecond); !m.Time().Equal(want) {
			t.Fatalf("message %d is of %s, want %s", i, m.Time(), want)
		}
	}
	app.ConfigResetStat(ctx)
	asked := map[string]int{}
	eventually(t, "ten looks", func() bool { asked = commandCalls(t, app); return asked["scan"] >= 10*many/1000 })
	if looks := asked["scan"]/(many/1000) + 1; asked["hgetall"] > looks*many/10 {
		t.Errorf("%d looks at %d keys asked %v", looks, many, asked)
	}
	changed := time.Now()
	app.HSet(ctx, eventKey(made, 1), "type", "CHANGED")
	put(t, app, eventKey(time.Now(), 2), "NEW")
	g.messages = nil
	g.count(t, f, 2)
	slices.SortFunc(g.messages, func(a, b bus.Message) int { return strings.Compare(a.Subject, b.Subject) })
	if got := g.types(); got != "CHANGED NEW" {
		t.Errorf("came %q", got)
	}
	if m := g.messages[0]; m.Time().Before(changed) {
		t.Errorf("what was overwritten is of %s, want after %s", m.Time(), changed)
	}
}

func (g *got) bySubject() map[string]string {
	all := make(map[string]string)
	for _, m := range g.messages {
		all[m.Subject] = string(m.Data)
	}
	return all
}

func TestLargeValuesAreNotFetched(t *testing.T) {
	s := start(t, "--notify-keyspace-events", "Kh$")
	b, err := Connect(limited(t), Options{URL: s.URL(), Body: 1000})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	app, ctx := client(t, s.URL()), limited(t)
	f := openOne(t, b, "keys:big:*", bus.From{})
	const size = 64 << 20
	large := strings.Repeat("x", size)
	before := sent(t, app)
	app.Set(ctx, "big:string", large, 0)
	app.HSet(ctx, "big:hash", "small", "1", "large", large)
	app.HSet(ctx, "big:small", "a", "b")
	var g got
	g.count(t, f, 3)
	if m := g.messages[0]; m.Size != size || string(m.Data) != large[:1000] {
		t.Errorf("string: size %d, %d bytes", m.Size, len(m.Data))
	}
	if m := g.messages[1]; m.Size < size || len(m.Data) != 0 {
		t.Errorf("hash: size %d, %d bytes", m.Size, len(m.Data))
	}
	if m := g.messages[2]; string(m.Data) != `{"a":"b"}` {
		t.Errorf("next: %s", m.Data)
	}
	warned(t, b, "big:hash has 2 fields and takes")
	if out := sent(t, app) - before; out > 1<<20 {
		t.Errorf("the server sent %d bytes", out)
	}
}

// Values that are not small together are read few at a time, and none is left out.
func TestManyLargeValuesAreReadInTurn(t *testing.T) {
	s := start(t)
	const body, many = 300 << 10, 60
	b, err := Connect(limited(t), Options{URL: s.URL(), Body: body})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	app, ctx := client(t, s.URL()), limited(t)
	want := make(map[string]int)
	for n := range many {
		key, size := fmt.Sprintf("order:%02d", n), 10_000*(n+1)
		want[key] = size
		if n%3 == 0 {
			app.HSet(ctx, key, "a", strings.Repeat("x", size))
		} else {
			app.Set(ctx, key, strings.Repeat("x", size), 0)
		}
	}
	var g got
	g.count(t, openOne(t, b, "keys:order:*", bus.From{Start: bus.FromAll}), many)
	for _, m := range g.messages {
		size := want[m.Subject]
		if delete(want, m.Subject); m.Size < size || len(m.Data) > body+100 || len(m.Data) < size && m.Size <= body {
			t.Errorf("%s has %d bytes of %d, want %d", m.Subject, len(m.Data), m.Size, size)
		}
	}
	if len(want) > 0 {
		t.Errorf("not read: %v", want)
	}
}

// sent is how many bytes the server has sent.
func sent(t testing.TB, app *redis.Client) int64 {
	t.Helper()
	var n int64
	info := app.Info(limited(t), "stats").Val()
	_, rest, _ := strings.Cut(info, "total_net_output_bytes:")
	if _, err := fmt.Sscan(rest, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestKeysAreWritten(t *testing.T) {
	s := start(t)
	b, app, ctx := connect(t, s.URL()), client(t, s.URL()), limited(t)
	app.Set(ctx, "delivery:d-1", "{}", 0)
	for _, c := range []struct {
		key, data, header, want string
	}{
		{":main.Event:1", `{"type":"START","n":2,"data":{"a":[1]}}`, "", `map[data:{"a":[1]} n:2 type:START]`},
		{"delivery:d-1", `{"status":"ready"}`, "", `{"status":"ready"}`},
		{"delivery:d-2", `{"status":"ready"}`, "SET", `{"status":"ready"}`},
		{"text", `hello`, "", `hello`},
		{"refused", `{}`, "", ""},
		{"refused", `{"a":"b"}`, "DEL", ""},
	} {
		out := bus.Outgoing{Station: "keys:*", Kind: bus.Keys, Subject: c.key, Data: []byte(c.data)}
		if c.header != "" {
			out.Headers = bus.Headers{{Name: keys.CommandHeader, Value: c.header}}
		}
		receipt, err := b.Publish(ctx, out)
		if c.want == "" {
			if err == nil {
				t.Errorf("%+v: %+v", c, receipt)
			}
			continue
		}
		got := app.Get(ctx, c.key).Val()
		if hash := app.HGetAll(ctx, c.key).Val(); len(hash) > 0 {
			got = fmt.Sprint(hash)
		}
		if err != nil || got != c.want || !strings.Contains(receipt.Text, c.key) {
			t.Errorf("%s is %s, want %s; %+v, %v", c.key, got, c.want, receipt, err)
		}
	}
	if _, err := b.Publish(ctx, bus.Outgoing{Station: "keys:a*", Kind: bus.Keys}); err == nil || !strings.Contains(err.Error(), "name the key") {
		t.Errorf("writing a pattern: %v", err)
	}
}
