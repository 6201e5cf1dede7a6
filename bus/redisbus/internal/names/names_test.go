package names

import (
	"slices"
	"testing"

	"signalbox/bus"
	"signalbox/bus/bustest/hostile"
)

// FuzzNames: whatever a place is called, what we write for it leads back to it.
func FuzzNames(f *testing.F) {
	for _, name := range []string{"orders", "channel:x", "stream:", "a*", "sharded:b", "keys:*", ""} {
		f.Add(name)
	}
	for _, s := range hostile.Texts() {
		f.Add(s.Text)
	}
	kinds := []bus.Kind{bus.Log, bus.Channel, bus.Pattern, bus.Sharded}
	f.Fuzz(func(t *testing.T, raw string) {
		if raw == "" {
			return
		}
		for _, kind := range kinds {
			name := Write(kind, raw, kind == bus.Channel)
			if got := Raw(bus.Station{Kind: kind, Name: name}); got != raw {
				t.Errorf("%s %q is written %q, which is %q", kind, raw, name, got)
			}
			means, same := Parse(name)
			if same != raw || means != kind && (means != "" || !slices.Contains(kinds[:1], kind)) {
				t.Errorf("%s %q is written %q, which means %s %q", kind, raw, name, means, same)
			}
		}
	})
}
