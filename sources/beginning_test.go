package sources

import (
	"slices"
	"testing"

	"signalbox/bus"
)

// Where less is kept than was asked for by number, that is said; a station that has it all, or that was not asked by number,
// says nothing.
func TestAStationThatBeginsLaterSaysSo(t *testing.T) {
	for from, want := range map[string][]string{
		"seq:1":  {"begins at 11: nothing is kept from 1 up to there"},
		"seq:11": nil,
		"seq:12": nil,
		"all":    nil,
		"last:3": nil,
	} {
		t.Run(from, func(t *testing.T) {
			b := newMemoryBus()
			b.add(bus.Station{Name: "orders", Kind: bus.Stream, Readable: true, Replayable: true, Messages: 5,
				First: bus.Position{Major: 11}, Last: bus.Position{Major: 15}})
			start, err := bus.ParseFrom(from)
			if err != nil {
				t.Fatal(err)
			}
			e, ctx := running(t, Options{})
			if err := e.Attach(ctx, b, Selection{From: start}); err != nil {
				t.Fatal(err)
			}
			s, err := e.Latest(ctx) // what was noticed a moment ago is in it
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, n := range s.Notices {
				got = append(got, n.Text)
			}
			if !slices.Equal(got, want) {
				t.Errorf("it says %q, want %q", got, want)
			}
		})
	}
}
