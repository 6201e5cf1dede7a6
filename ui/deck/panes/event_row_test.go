package panes

import (
	"strings"
	"testing"
	"time"

	"signalbox/sources"
	"signalbox/ui/screen"
)

func TestSince(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "+0µs", 40 * time.Microsecond: "+40µs", 250 * time.Millisecond: "+250ms",
		1500 * time.Millisecond: "+1.50s", 3 * time.Minute: "+3m", -2 * time.Millisecond: "-2ms"} {
		if got := since(d); got != want {
			t.Errorf("%v is written %s, want %s", d, got, want)
		}
	}
}

// Identifiers in the data are shortened only where the row has no room for them, and no more of them than must be.
func TestIdentifiersAreWholeWhereThereIsRoom(t *testing.T) {
	const first, second = "01M7ZR019PHSYXZVWRB9APKTTF", "01M7ZQZXM0CVW06EW3885Q5XZA"
	event := &sources.Event{Received: sources.Received{Data: []byte(`{"ballot_id":"` + first + `","voter_id":"` + second + `"}`)}}
	drawn := func(width int) string {
		l := screen.NewLine(width, "")
		summary(l, screen.PlainTheme, event)
		return strings.TrimRight(l.String(), " ")
	}
	for width, want := range map[int]string{
		72: "ballot_id=" + first + " voter_id=" + second,
		71: "ballot_id=01M7…PKTTF voter_id=" + second,
		56: "ballot_id=01M7…PKTTF voter_id=" + second,
		55: "ballot_id=01M7…PKTTF voter_id=01M7…Q5XZA",
	} {
		if got := drawn(width); got != want {
			t.Errorf("%d cells: %q, want %q", width, got, want)
		}
	}
}
