package panes

import (
	"testing"
	"time"
)

func TestSince(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "+0µs", 40 * time.Microsecond: "+40µs", 250 * time.Millisecond: "+250ms",
		1500 * time.Millisecond: "+1.50s", 3 * time.Minute: "+3m", -2 * time.Millisecond: "-2ms"} {
		if got := since(d); got != want {
			t.Errorf("%v is written %s, want %s", d, got, want)
		}
	}
}
