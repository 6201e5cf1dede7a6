package redisbus

import (
	"testing"

	"signalbox/bus"
)

// What a name stands for is told by traits: patterns and keys come on many names, keys have values.
func TestTraits(t *testing.T) {
	s := start(t)
	b, ctx := connect(t, s.URL()), limited(t)
	for name, want := range map[string]bus.Traits{
		"news":          {},
		"shop:*":        {Separators: ":.", Gathers: true},
		"keys:cart:*":   {Separators: ":.", Gathers: true, Keyed: true, Write: "SET", ReadingVaries: true},
		"stream:orders": {Positions: bus.TimedIDs, Channel: "channel:orders"},
	} {
		found, err := b.Stations(ctx, name)
		if err != nil || len(found) != 1 || found[0].Traits != want {
			t.Errorf("%s: %+v, %v, want %+v", name, found, err, want)
		}
	}
}
