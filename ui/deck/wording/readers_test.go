package wording

import (
	"slices"
	"testing"
	"time"

	"signalbox/bus"
	"signalbox/sources"
)

// Of stations without a listed consumer exactly that is said which their brokers tell.
func TestNobodyReads(t *testing.T) {
	row := func(name string, kind bus.Kind, consumers int) sources.StationRow {
		return sources.StationRow{Key: name, Station: bus.Station{Name: name, Kind: kind, Consumers: consumers}}
	}
	gone := row("gone", bus.Stream, 0)
	gone.Detached = time.Unix(1, 0)
	offered := row("offered", bus.Keys, -1)
	offered.Offer = &sources.Offer{}
	log, bucket := row("l", bus.Log, 0), row("k", bus.Bucket, 0)
	log.Station.Untold, bucket.Station.Untold = "who reads without a group", "who gets single keys"
	for _, c := range []struct {
		stations []sources.StationRow
		want     []string
	}{
		{nil, []string{"consumers stand here once there is a station"}},
		{[]sources.StationRow{gone, offered}, []string{"consumers stand here once there is a station"}},
		{[]sources.StationRow{row("a", bus.Stream, 0), gone}, []string{"nobody reads a"}},
		{[]sources.StationRow{row("a.>", bus.Subject, -1)}, []string{"the broker does not tell who reads a.>"}},
		{[]sources.StationRow{log, bucket, log}, []string{"no consumer reads k; the broker does not tell who gets single keys", "no consumer reads l, l; the broker does not tell who reads without a group"}},
		{[]sources.StationRow{row("a", bus.Stream, 2)}, []string{"the consumers of a are not listed yet"}},
		{
			[]sources.StationRow{row("a", bus.Stream, 0), row("b", bus.Stream, 0), row("c", bus.Stream, 0), row("d", bus.Stream, 0), row("e", bus.Stream, 0), row("s", bus.Subject, -1)},
			[]string{"nobody reads a, b, c and 2 more", "the broker does not tell who reads s"},
		},
	} {
		if got := NobodyReads(c.stations); !slices.Equal(got, c.want) {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
