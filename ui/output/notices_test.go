package output

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"signalbox/bus"
	"signalbox/sources"
)

func TestProgress(t *testing.T) {
	reading := func(key string, seen, expected uint64, backfill float64) sources.StationRow {
		return sources.StationRow{Key: key, Seen: seen, Expected: expected, Backfill: backfill}
	}
	for name, c := range map[string]struct {
		stations []sources.StationRow
		want     string
	}{
		"nothing":    {},
		"live":       {stations: []sources.StationRow{reading("a", 10, 10, 1)}},
		"not told":   {stations: []sources.StationRow{reading("a", 10, 0, 0)}},
		"one":        {[]sources.StationRow{reading("orders", 25_000, 100_000, 0.25)}, "reading orders: 25,000 of 100,000 (25 %), 2,500/s, 30s left"},
		"at a stand": {[]sources.StationRow{reading("orders", 0, 100, 0)}, "reading orders: 0 of 100 (0 %)"},
		"several": {[]sources.StationRow{reading("a", 10, 20, 0.5), reading("b", 90, 180, 0.5), reading("c", 5, 5, 1)},
			"reading 2 stations: 100 of 200 (50 %), 10/s, 10s left"},
		"more than there were": {[]sources.StationRow{reading("a", 300, 200, 0.99)}, "reading a: 300 of 200 (99 %), 30/s, 0s left"},
	} {
		if have := progress(c.stations, 10*time.Second); have != c.want {
			t.Errorf("%s: %q, want %q", name, have, c.want)
		}
	}
}

// Each notice is told once, clean, and how keys are watched again only when that changes.
func TestNotices(t *testing.T) {
	var out bytes.Buffer
	b := NewNotices(&out)
	cut := sources.NoticeRow{Bus: "here", Station: "orders", Text: "cut off\x1b[2J"}
	back := sources.NoticeRow{Time: time.Unix(1, 0), Bus: "here", Text: "back"}
	keys := sources.StationRow{Key: "keys:*", Station: bus.Station{Reading: "SCAN", Traits: bus.Traits{ReadingVaries: true}}}
	b.Tell(&sources.Snapshot{Notices: []sources.NoticeRow{cut}, Stations: []sources.StationRow{keys}})
	b.Tell(&sources.Snapshot{Notices: []sources.NoticeRow{cut}, Stations: []sources.StationRow{keys}})
	keys.Station.Reading = "notifications"
	b.Tell(&sources.Snapshot{Notices: []sources.NoticeRow{cut, back}, Stations: []sources.StationRow{keys}})
	const want = "signalbox: here: orders: cut off␛[2J\nsignalbox: keys:*: SCAN\n" +
		"signalbox: here: back\nsignalbox: keys:*: notifications\n"
	if out.String() != want {
		t.Errorf("have %q\nwant %q", out.String(), want)
	}
}

// What is said ahead of a snapshot is said once, whichever comes first, and again when it happens again.
func TestNoticesAhead(t *testing.T) {
	cut := func(second int64) sources.NoticeRow {
		return sources.NoticeRow{Time: time.Unix(second, 0), Bus: "here", Station: ">", Text: "not read"}
	}
	for name, say := range map[string]func(b *Notices){
		"ahead": func(b *Notices) {
			b.Ahead("here", ">", "not read")
			b.Tell(&sources.Snapshot{Notices: []sources.NoticeRow{cut(1)}})
		},
		"behind": func(b *Notices) {
			b.Tell(&sources.Snapshot{Notices: []sources.NoticeRow{cut(1)}})
			b.Ahead("here", ">", "not read")
		},
	} {
		var out bytes.Buffer
		b := NewNotices(&out)
		say(b)
		b.Tell(&sources.Snapshot{Notices: []sources.NoticeRow{cut(1), cut(2)}})
		if want := strings.Repeat("signalbox: here: >: not read\n", 2); out.String() != want {
			t.Errorf("%s: have %q, want %q", name, out.String(), want)
		}
	}
}

// Where events and progress share a terminal, an event takes the line of the progress.
func TestEventsGoOverProgress(t *testing.T) {
	var terminal bytes.Buffer
	b := &Notices{out: &terminal}
	b.Progress("reading")
	events := overProgress{b, &terminal}
	for _, event := range []string{"one\n", "two\n"} {
		if _, err := events.Write([]byte(event)); err != nil {
			t.Fatal(err)
		}
	}
	b.Progress("")
	if have, want := terminal.String(), "reading\r\x1b[Kone\ntwo\n"; have != want {
		t.Errorf("have %q, want %q", have, want)
	}
}

// A gap is told as it is, several at once as a sum; the next ones wait a while, but not beyond the end.
func TestGapsAreTold(t *testing.T) {
	var out bytes.Buffer
	b := NewNotices(&out)
	at := func(second int) time.Time { return time.Date(2026, 1, 1, 10, 0, second, 0, time.UTC) }
	row := sources.StationRow{Key: "orders", Bus: "here", Station: bus.Station{Name: "orders"}}
	lose := func(g sources.Gap) {
		row.Ledger.Gaps, row.Ledger.GapCount, row.Ledger.Missed = append(row.Ledger.Gaps, g), row.Ledger.GapCount+1, row.Ledger.Missed+g.Missed
	}
	now := func() *sources.Snapshot { return &sources.Snapshot{Stations: []sources.StationRow{row}} }
	lose(sources.Gap{Since: at(1), Until: at(2), From: "3", To: "4", Missed: 2, Why: "trimmed"})
	b.Tell(now())
	lose(sources.Gap{Since: at(3), Until: at(4), Missed: 5, Why: "trimmed"})
	lose(sources.Gap{Since: at(5), Until: at(6), Unknown: true, Why: "reconnected"})
	b.Last(now())
	b.Last(now())
	const want = "signalbox: here: orders: a gap: 10:00:01 to 10:00:02, trimmed, from 3 to 4: 2 messages missed\n" +
		"signalbox: here: orders: 2 gaps up to 10:00:06, trimmed, reconnected: at least 5 messages missed\n"
	if out.String() != want {
		t.Errorf("have %q\nwant %q", out.String(), want)
	}
}
