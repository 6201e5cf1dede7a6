package wording

import (
	"strconv"
	"strings"

	"signalbox/sources"
	"signalbox/ui/screen"
)

// Messages is how many messages a station keeps or, where it keeps none, how many have come from it.
func Messages(s *sources.StationRow) uint64 {
	if s.Station.Replayable {
		return s.Station.Messages
	}
	return s.Ledger.Received
}

// CatchingUp tells whether a station is still being read of what it held.
func CatchingUp(r *sources.StationRow) bool { return r.Reading && r.Backfill >= 0 && r.Backfill < 1 }

// Bar draws a share as a bar of so many cells.
func Bar(share float64, width int) string {
	full := min(max(int(share*float64(width)), 0), width)
	return strings.Repeat("█", full) + strings.Repeat("░", width-full)
}

// Percent is a share as "25%".
func Percent(share float64) string { return strconv.Itoa(int(share*100)) + "%" }

// Backfill is how far a backfill is, in words.
func Backfill(r *sources.StationRow) string {
	parts := []string{Percent(r.Backfill), screen.Grouped(r.Seen) + " read"}
	if r.Expected > 0 {
		parts[1] = screen.Grouped(r.Seen) + " of " + screen.Grouped(r.Expected)
	} else {
		parts = parts[1:] // how many there are is not Known
	}
	parts = append(parts, screen.Rate(r.Intake))
	if left := r.Left(); left > 0 {
		parts = append(parts, screen.Duration(left)+" left")
	}
	return strings.Join(parts, " · ")
}

// RateStyle is faint where nothing flows.
func RateStyle(t *screen.Theme, perSecond float64) screen.Style {
	if perSecond <= 0 {
		return t.Faint
	}
	return t.Text
}
