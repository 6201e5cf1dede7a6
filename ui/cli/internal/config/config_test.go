package config

import "testing"

func TestParseSize(t *testing.T) {
	for text, want := range map[string]int64{"256MiB": 256 << 20, "1.5GB": 1_500_000_000, "1048576": 1 << 20, "64 mib": 64 << 20} {
		if have, err := ParseSize(text); err != nil || have != want {
			t.Errorf("%q is %d, %v; want %d", text, have, err, want)
		}
	}
	for _, text := range []string{"", "lots", "-1MiB", "1023KiB", "NaN", "9999999999GiB"} {
		if have, err := ParseSize(text); err == nil {
			t.Errorf("%q is %d, want an error", text, have)
		}
	}
}
