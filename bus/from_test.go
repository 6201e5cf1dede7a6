package bus_test

import (
	"strings"
	"testing"
	"time"

	"signalbox/bus"
)

func TestParseFrom(t *testing.T) {
	for text, want := range map[string]bus.From{
		"new":      {Start: bus.FromNew},
		"all":      {Start: bus.FromAll},
		"last:20":  {Start: bus.FromLast, Last: 20},
		"since:5m": {Start: bus.FromSince, Since: 5 * time.Minute},
		"seq:17":   {Start: bus.FromAt, Position: bus.Position{Major: 17}},
		"id:5-3":   {Start: bus.FromAt, Position: bus.Position{Major: 5, Minor: 3}, Form: bus.TimedIDs},
		"id:5-0":   {Start: bus.FromAt, Position: bus.Position{Major: 5}, Form: bus.TimedIDs},
		"id:0-0":   {Start: bus.FromAll},
		"seq:2:16": {Start: bus.FromAt, Position: bus.Position{Partition: 2, Major: 17}, Form: bus.PartitionOffsets},
	} {
		got, err := bus.ParseFrom(text)
		if err != nil || got != want {
			t.Errorf("ParseFrom(%q) = %+v, %v, want %+v", text, got, err, want)
		}
		again, err := bus.ParseFrom(got.String())
		if err != nil || again != want {
			t.Errorf("ParseFrom(%q), as %+v writes itself, = %+v, %v", got.String(), want, again, err)
		}
	}
}

func TestParseFromRefuses(t *testing.T) {
	for _, text := range []string{"", "old", "new:1", "all:1", "last", "last:0", "last:-1", "last:x", "since:", "since:0s", "since:-1m", "since:5", "seq:", "seq:x", "id:1-", "seq:0", "seq:1-1", "seq:-1", "id:3:4", "seq:3:"} {
		_, err := bus.ParseFrom(text)
		if err == nil {
			t.Errorf("ParseFrom(%q) takes it", text)
			continue
		}
		word, _, _ := strings.Cut(text, ":")
		if !strings.Contains(err.Error(), "as in "+word+":") && !strings.Contains(err.Error(), "last:N") || strings.Contains(err.Error(), "strconv") {
			t.Errorf("ParseFrom(%q): %v, want it to say what is expected", text, err)
		}
	}
}

// A position of another form than the station's would be read as something else than was meant.
func TestFromFits(t *testing.T) {
	for _, c := range []struct {
		from string
		form bus.PositionForm
		want string
	}{
		{"seq:5", bus.Sequences, ""},
		{"id:5-0", bus.TimedIDs, ""},
		{"all", bus.TimedIDs, ""},
		{"id:5-1", bus.Sequences, "its positions are written as 48193, and not as in id:5-1"},
		{"seq:5", bus.TimedIDs, "its positions are written as 1700000000000-0, and not as in seq:5"},
	} {
		from, err := bus.ParseFrom(c.from)
		if err != nil {
			t.Fatal(err)
		}
		station := &bus.Station{Replayable: true, Traits: bus.Traits{Positions: c.form}}
		if err := from.Fits(station); err == nil && c.want != "" || err != nil && err.Error() != c.want {
			t.Errorf("%s: %v, want %q", c.from, err, c.want)
		}
		if station.Replayable = false; from.Fits(station) != nil {
			t.Errorf("%s: a station without a past begins at new", c.from)
		}
	}
}
