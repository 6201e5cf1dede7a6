package keys

import (
	"context"
	"fmt"

	"signalbox/bus"
	"signalbox/bus/redisbus/internal/fault"
)

// Copies reads the values of some keys: hashes and texts.
func (k *Keys) Copies(ctx context.Context, keys []string) ([]bus.Copied, error) {
	all := make([]value, len(keys))
	for from := 0; from < len(keys); {
		n, err := k.values(ctx, keys[from:], all[from:])
		if err != nil {
			return nil, fmt.Errorf("read %d keys: %w", len(keys), fault.Explain(err))
		}
		from += max(n, 1)
	}
	out := make([]bus.Copied, len(keys))
	for i, v := range all {
		out[i] = bus.Copied{Data: v.data, Size: v.size, Kept: v.kind == "hash" || v.kind == "string"}
	}
	return out, nil
}

// CopyPaths finds keys by SCAN, on one master after the other.
func (k *Keys) CopyPaths(ctx context.Context, pattern string, yield func(key string) bool) error {
	masters, err := k.session.Servers.Masters(ctx)
	if err != nil {
		return fmt.Errorf("SCAN for %s: %w", pattern, fault.Explain(err))
	}
	for _, node := range masters {
		for cursor := uint64(0); ; {
			names, next, err := node.Scan(ctx, cursor, pattern, scanKeys).Result()
			if err != nil {
				return fmt.Errorf("SCAN for %s: %w", pattern, fault.Explain(err))
			}
			for _, name := range names {
				if !yield(name) {
					return nil
				}
			}
			if cursor = next; cursor == 0 {
				break
			}
		}
	}
	return nil
}
