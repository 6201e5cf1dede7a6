// Package names is about how users write the names of stations on Redis, where a stream, a channel, a pattern and a key may
// all be called the same. Its functions are pure.
package names

import (
	"strings"

	"signalbox/bus"
)

// Separators part the names of channels and keys into words.
const Separators = ":."

// prefixes say of what kind a name is.
var prefixes = []struct {
	text string
	kind bus.Kind
}{
	{"stream:", bus.Log},
	{"channel:", bus.Channel},
	{"pattern:", bus.Pattern},
	{"sharded:", bus.Sharded},
	{"keys:", bus.Keys},
}

// Parse takes apart a name as users write it. raw is what Redis knows it by. The kind is empty when only the server can
// tell whether it is a stream or a channel.
func Parse(name string) (kind bus.Kind, raw string) {
	for _, p := range prefixes {
		if raw, ok := strings.CutPrefix(name, p.text); ok && raw != "" {
			return p.kind, raw
		}
	}
	if strings.ContainsAny(name, "*?[") {
		return bus.Pattern, name
	}
	return "", name
}

// Write is how a user writes the name of a station: without a prefix where that means the same. A channel is shadowed when
// a stream has the same name.
func Write(kind bus.Kind, raw string, shadowed bool) string {
	if means, same := Parse(raw); same == raw && !shadowed {
		if means == kind || means == "" && (kind == bus.Log || kind == bus.Channel) {
			return raw
		}
	}
	for _, p := range prefixes {
		if p.kind == kind {
			return p.text + raw
		}
	}
	return raw
}

// Raw is the channel, pattern or key that a station stands for.
func Raw(s bus.Station) string {
	for _, p := range prefixes {
		if p.kind == s.Kind {
			if raw, ok := strings.CutPrefix(s.Name, p.text); ok && raw != "" {
				return raw
			}
		}
	}
	return s.Name
}

// ServersOwn tells whether a channel is one that servers use among themselves, or for notifications.
func ServersOwn(channel string) bool {
	return strings.HasPrefix(channel, "__keyspace@") || strings.HasPrefix(channel, "__keyevent@") ||
		strings.HasPrefix(channel, "__sentinel__:") || strings.HasPrefix(channel, "__redis__:")
}
