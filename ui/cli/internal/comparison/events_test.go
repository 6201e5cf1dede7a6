package comparison

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"signalbox/sources"
)

// mostListed is less than are left at times.
const mostListed = 5

// Events are the same as often as both buses have them; what is left of each is told, in the order in which it comes.
func TestEventsOfTwoBuses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var sides [2][]int
		var prints [2]*Prints
		prints[0], prints[1] = NewPrints()
		counts := map[int][2]int{}
		for i := range sides {
			sides[i] = rapid.SliceOfN(rapid.IntRange(0, 30), 0, 60).Draw(t, "events")
			for _, n := range sides[i] {
				prints[i].Add(numbered(n))
				c := counts[n]
				c[i]++
				counts[n] = c
			}
		}
		both := uint64(0)
		for _, c := range counts {
			both += uint64(min(c[0], c[1]))
		}
		if got := prints[0].Strike(prints[1]); got != both {
			t.Fatalf("both have %d, want %d", got, both)
		}
		for i := range sides {
			var want []int
			for _, n := range sides[i] {
				if c := counts[n]; c[i] > c[1-i] && len(want) < mostListed {
					want = append(want, n)
					c[i]--
					counts[n] = c
				}
			}
			list := List{Of: prints[i], Most: mostListed}
			for _, n := range sides[i] {
				list.See(numbered(n))
			}
			if len(list.Lines) != len(want) {
				t.Fatalf("listed %q, want %v", list.Lines, want)
			}
			for at, n := range want {
				if !strings.Contains(list.Lines[at], fmt.Sprintf("event-%d-", n)) {
					t.Fatalf("line %d is %q, want event %d", at, list.Lines[at], n)
				}
			}
		}
	})
}

func numbered(n int) *sources.Event {
	return &sources.Event{Received: sources.Received{Station: "orders", Data: fmt.Appendf(nil, `{"name":"event-%d-"}`, n)}}
}
