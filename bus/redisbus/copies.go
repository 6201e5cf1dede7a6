package redisbus

import (
	"context"
	"strings"

	"signalbox/bus"
)

var _ bus.CopyReader = (*Bus)(nil)

// CopyStore implements bus.CopyReader.
func (b *Bus) CopyStore() string { return "redis" }

// Copies implements bus.CopyReader.
func (b *Bus) Copies(ctx context.Context, paths []string) ([]bus.Copied, error) {
	ctx, cancel := b.session.During(ctx)
	defer cancel()
	return b.keys.Copies(ctx, paths)
}

// CopyPaths implements bus.CopyReader.
func (b *Bus) CopyPaths(ctx context.Context, prefix, suffix string, yield func(path string) bool) error {
	ctx, cancel := b.session.During(ctx)
	defer cancel()
	return b.keys.CopyPaths(ctx, plain.Replace(prefix)+"*"+plain.Replace(suffix), func(key string) bool {
		between, begins := strings.CutPrefix(key, prefix)
		if _, ends := strings.CutSuffix(between, suffix); !begins || !ends {
			return true
		}
		return yield(key)
	})
}

// plain makes a pattern of a text that matches that text alone.
var plain = strings.NewReplacer(`*`, `\*`, `?`, `\?`, `[`, `\[`, `]`, `\]`, `^`, `\^`, `\`, `\\`)
