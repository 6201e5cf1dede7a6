package bus

import (
	"regexp"
	"strings"
)

// Redact removes user, password and token from a URL, or from several separated by commas, so that it can be shown.
// It works on text that is no valid URL too, and then rather removes too much.
func Redact(url string) string {
	// A comma may stand inside a password: it separates URLs only before a scheme.
	var shown strings.Builder
	start := 0
	for _, next := range nextURL.FindAllStringIndex(url, -1) {
		shown.WriteString(redactOne(url[start:next[0]]) + ",")
		start = next[0] + 1
	}
	return shown.String() + redactOne(url[start:])
}

var nextURL = regexp.MustCompile(`,\s*[a-z][a-z0-9+]*://`)

// redactOne cuts everything up to the last @ before the path, and the values of a query.
func redactOne(url string) string {
	scheme, rest, found := strings.Cut(url, "://")
	if !found {
		scheme, rest = "", url
	}
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		rest = rest[at+1:]
	}
	if base, query, ok := strings.Cut(rest, "?"); ok {
		rest = base + "?" + redactQuery(query)
	}
	if !found {
		return strings.TrimSpace(rest)
	}
	return strings.TrimSpace(scheme) + "://" + rest
}

// redactQuery hides the values of parameters that name a secret.
func redactQuery(query string) string {
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		name, _, found := strings.Cut(pair, "=")
		if found && secretName(name) {
			pairs[i] = name + "=…"
		}
	}
	return strings.Join(pairs, "&")
}

func secretName(name string) bool {
	name = strings.ToLower(name)
	for _, word := range []string{"pass", "token", "secret", "user", "key", "auth", "cred"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}
