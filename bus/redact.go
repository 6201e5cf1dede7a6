package bus

import "strings"

// Redact removes user, password and token from a URL, or from several separated by commas, so that it can be shown.
// It works on text that is no valid URL too, and then rather removes too much.
func Redact(url string) string {
	parts := strings.Split(url, ",")
	// A comma may stand inside a password: a part without a scheme belongs to the one before while that has no host yet.
	var whole []string
	for _, part := range parts {
		if n := len(whole); n > 0 && !strings.Contains(part, "://") && !strings.Contains(whole[n-1], "@") && strings.Contains(part, "@") {
			whole[n-1] += "," + part
			continue
		}
		whole = append(whole, part)
	}
	for i, part := range whole {
		whole[i] = redactOne(part)
	}
	return strings.Join(whole, ",")
}

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
