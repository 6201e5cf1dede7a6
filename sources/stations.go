package sources

import (
	"time"

	"signalbox/bus"
)

// StationRow is one station in the stations pane.
type StationRow struct {
	Key      string // unique in the session: the name, with the bus before it when there are several
	Bus      string
	Station  bus.Station
	Reading  bool      // a feed is open on it
	Refused  string    // why it cannot be read, or ""
	Rate     float64   // events a second over the last second
	Rates    []float64 // the last 60 seconds, oldest first
	Ledger   Ledger
	From     string
	Backfill float64   // 0 to 1 while it catches up with what it held when opened, 1 when live
	Last     time.Time // its newest event
}
