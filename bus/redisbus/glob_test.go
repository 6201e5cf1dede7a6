package redisbus

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/redis/go-redis/v9"

	"signalbox/bus/glob"
)

// What glob.MatchRedis says of a pattern is what SCAN MATCH of a real server says. Left out is the empty key: the server
// finds it with * but not with **.
func TestGlobIsTheServers(t *testing.T) {
	app, ctx := client(t, start(t).URL()), limited(t)
	keys := []string{"a", "ab", "abc", "a*c", "h?llo", "hello", "hallo", "hxllo", "h[llo", "x-y", "news.eu.1", "]", "^", "-", "é", `\`, `a\`}
	patterns := []string{"", "*", "a", "a*", "*c", "a*c", `a\*c`, "h?llo", `h\?llo`, "h[ae]llo", "h[^e]llo", "h[a-b]llo", "h[b-a]llo",
		"[]", "[", "[a", "[^a", `[\]]`, "[a-]", "[]a]", "**b**", "news.*.?", "?", "??", `\`, `a\`, "[^]", "h[llo"}
	random := rand.New(rand.NewPCG(1, 2))
	text := func(letters string, most int) string {
		all := make([]byte, random.IntN(most)+1)
		for i := range all {
			all[i] = letters[random.IntN(len(letters))]
		}
		return string(all)
	}
	for range 300 {
		keys, patterns = append(keys, text(`ab[]^-\*`, 6)), append(patterns, text(`ab*?[]^-\`, 9))
	}
	_, err := app.Pipelined(ctx, func(p redis.Pipeliner) error {
		for _, key := range keys {
			p.Set(ctx, key, "x", 0)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	for _, pattern := range patterns {
		if pattern == "" { // the client leaves it out of the command
			continue
		}
		theirs, cursor, err := app.Scan(ctx, 0, pattern, 10_000).Result()
		if err != nil || cursor != 0 {
			t.Fatal(fmt.Sprintf("%q:", pattern), cursor, err)
		}
		slices.Sort(theirs)
		ours := slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return !glob.MatchRedis(pattern, key) })
		if !slices.Equal(ours, theirs) {
			t.Errorf("%q matches %q here and %q at the server", pattern, ours, theirs)
		}
	}
}
