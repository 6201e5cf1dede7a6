package overlays

import (
	"testing"

	"signalbox/bus"
)

func TestPositionBar(t *testing.T) {
	at := func(n uint64) bus.Position { return bus.Position{Major: n} }
	for _, test := range []struct {
		first, floor, delivered, last uint64
		want                          string
	}{
		{1, 10, 10, 10, "██████████"},
		{1, 0, 0, 10, "░░░░░░░░░░"},
		{1, 5, 8, 10, "█████▓▓▓░░"},
		{101, 105, 108, 110, "█████▓▓▓░░"},
		{1, 998, 999, 1000, "████████▓░"},
		{50, 10, 20, 60, "░░░░░░░░░░"},
		{1, 0, 1000, 1000, "▓▓▓▓▓▓▓▓▓▓"},
	} {
		if got := positionBar(at(test.first), at(test.floor), at(test.delivered), at(test.last), 10); got != test.want {
			t.Errorf("%+v: %s", test, got)
		}
	}
}
