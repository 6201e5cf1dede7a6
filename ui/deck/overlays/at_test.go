package overlays

import (
	"testing"
	"time"
)

// A time of day is the last such before now; in a recording, of whatever day, the nearest to what is shown.
func TestMomentOf(t *testing.T) {
	monday := func(clock string) time.Time {
		at, err := time.Parse("2006-01-02 15:04:05", "2026-11-16 "+clock)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct {
		text     string
		from     time.Time
		recorded bool
		want     time.Time
	}{
		{"14:03", monday("15:00:00"), false, monday("14:03:00")},
		{"16:03", monday("15:00:00"), false, monday("16:03:00").AddDate(0, 0, -1)},
		{"14:03:22", monday("15:00:00"), true, monday("14:03:22")},
		{"16:03", monday("15:00:00"), true, monday("16:03:00")},
		{"23:50", monday("00:10:00"), true, monday("23:50:00").AddDate(0, 0, -1)},
		{"00:10", monday("23:50:00"), true, monday("00:10:00").AddDate(0, 0, 1)},
		{"-5m", monday("15:00:00"), true, monday("14:55:00")},
		{"2026-11-16 14:03", monday("15:00:00"), true, monday("14:03:00")},
	} {
		if at, ok := momentOf(c.text, c.from, c.recorded); !ok || !at.Equal(c.want) {
			t.Errorf("%q from %s, recorded %v: %s, %v, want %s", c.text, c.from, c.recorded, at, ok, c.want)
		}
	}
}
