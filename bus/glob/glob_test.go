package glob

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true}, {"", "a", false}, {"*", "", true}, {"**", "", true}, {"?", "", false}, {"a", "", false},
		{"PICKUP*", "PICKUP_PRODUCTS", true}, {"*_PRODUCTS", "PICKUP_PRODUCTS", true}, {"P*K*P*", "PICKUP", true},
		{"a?c", "abc", true}, {"a?c", "ac", false}, {"a*b", "aXbXc", false}, {"a*b", "aXbXb", true},
		{"[a]", "a", false}, {"[a]", "[a]", true}, {`\*`, "*", false}, {`\*`, `\x`, true},
	} {
		if got := Match(c.pattern, c.text); got != c.want {
			t.Errorf("%q matches %q: %t, want %t", c.pattern, c.text, got, c.want)
		}
	}
	if !MatchFold("pick*d", "PickUP d") || MatchFold("é", "É") || MatchFold("a", "b") {
		t.Error("MatchFold regards the case of ASCII letters, or disregards that of others")
	}
}

// recursive matches as the rules say it, one after the other, in a time that grows with the number of stars.
func recursive(pattern, text string) bool {
	if pattern == "" {
		return text == ""
	}
	if pattern[0] == '*' {
		return recursive(pattern[1:], text) || text != "" && recursive(pattern, text[1:])
	}
	if text == "" {
		return false
	}
	length, ok := redis(pattern, text[0])
	return ok && recursive(pattern[length:], text[1:])
}

func TestRedisRulesAgainstARecursiveMatcher(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringOfN(rapid.RuneFrom([]rune(`ab*?[]^-\`)), 0, 9, -1).Draw(t, "pattern")
		text := rapid.StringOfN(rapid.RuneFrom([]rune(`ab[]^-\*`)), 0, 9, -1).Draw(t, "text")
		if got, want := MatchRedis(pattern, text), recursive(pattern, text); got != want {
			t.Fatalf("%q matches %q: %t, want %t", pattern, text, got, want)
		}
	})
}

// Eight stars on sixty letters took 9.7 seconds when each star was tried anew.
func TestStarsTakeFewSteps(t *testing.T) {
	for _, c := range []struct{ pattern, text string }{
		{strings.Repeat("a*", 8) + "b", strings.Repeat("a", 60)},
		{strings.Repeat("*a", 8) + "*b", strings.Repeat("a", 60)},
		{strings.Repeat("*[a-c]", 100) + "d", strings.Repeat("abc", 1000)},
		{strings.Repeat("*", 1000) + "b", strings.Repeat("a", 1000)},
	} {
		steps := 0
		matched := match(c.pattern, c.text, func(pattern string, b byte) (int, bool) {
			steps++
			return redis(pattern, b)
		})
		if most := len(c.pattern) * len(c.text); matched || steps > most {
			t.Errorf("%.20q on %.20q: matches %t after %d steps, want at most %d", c.pattern, c.text, matched, steps, most)
		}
	}
}
