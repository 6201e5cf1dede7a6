package wording

import (
	"testing"

	"signalbox/bus"
	"signalbox/sources"
)

func TestProgress(t *testing.T) {
	history := []sources.HistoryStep{{Version: 1}, {Version: 2}, {Version: 3}}
	for _, test := range []struct {
		stands []bus.Standing
		want   string
	}{
		{[]bus.Standing{bus.Done, bus.Done, bus.Done}, "done"},
		{[]bus.Standing{bus.Filtered, bus.Done, bus.Filtered}, "done"},
		{[]bus.Standing{bus.Filtered, bus.Filtered, ""}, "filtered out"},
		{[]bus.Standing{bus.Done, bus.Unknown, bus.Done}, "cannot be known"},
		{[]bus.Standing{bus.Unknown, bus.Done, bus.Waiting}, "waiting v3"},
		{[]bus.Standing{bus.Done, bus.Delivered, bus.Waiting}, "delivered v2 (w-1)"},
	} {
		h := sources.Progress{}
		for _, s := range test.stands {
			h.Stands = append(h.Stands, sources.Stand{Standing: s})
			if s == bus.Delivered {
				h.Stands[len(h.Stands)-1].Who = "w-1"
			}
		}
		if _, got := Progress(&h, history); got != test.want {
			t.Errorf("%v: %q, want %q", test.stands, got, test.want)
		}
	}
}
