package redisbus

import (
	"strings"

	"signalbox/bus"
)

// prefixes force the kind of a name that could be several things. A key, a channel and a pattern may well be called
// the same.
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

// parse takes a name as users write it apart. The kind is empty when only the server can tell whether it is a stream
// or a channel.
func parse(name string) (bus.Kind, string) {
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

// written is how a user writes the name of a place: plain where that means the same, else with a prefix. A channel is
// shadowed by a stream of that name.
func written(kind bus.Kind, raw string, shadowed bool) string {
	if means, same := parse(raw); same == raw && !shadowed {
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

// rawName is the channel, pattern or key that a station stands for.
func rawName(s bus.Station) string {
	for _, p := range prefixes {
		if p.kind == s.Kind {
			if raw, ok := strings.CutPrefix(s.Name, p.text); ok && raw != "" {
				return raw
			}
		}
	}
	return s.Name
}

// internal tells whether a channel is the server's own.
func internal(channel string) bool {
	return strings.HasPrefix(channel, "__keyspace@") || strings.HasPrefix(channel, "__keyevent@") ||
		strings.HasPrefix(channel, "__sentinel__:") || strings.HasPrefix(channel, "__redis__:")
}
