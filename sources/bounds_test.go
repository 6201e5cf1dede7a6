package sources

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"signalbox/sources/internal/entities"
	"signalbox/sources/internal/store"
	"signalbox/sources/state"
)

// What the engine leaves out because it keeps only so much, it says once, in a notice.
func TestReachedBoundsAreToldOnce(t *testing.T) {
	var texts []string
	for i := range store.MostTypes + 3 {
		texts = append(texts, fmt.Sprintf("thing T%d _", i))
	}
	for i := range entities.MostStatuses + 3 {
		texts = append(texts, fmt.Sprintf("other SET a status=s%d", i))
	}
	for i := range state.MaxFields + 3 {
		texts = append(texts, fmt.Sprintf("thing SET a n%d=1", i))
	}
	e := one(t, append(texts, "thing SET a last=1")...)
	s := looks(t.Context(), t, e, View{}, func(s *Snapshot) bool { return s.Ledger.Received == uint64(len(texts)+1) })
	var said []string
	for _, n := range s.Notices {
		said = append(said, n.Text)
	}
	for _, want := range []string{
		"more than 8192 types of events; events of other types are held without their type",
		"entities of kind other have more than 4096 statuses",
		"entities of kind thing have more than 256 fields; the others are left out",
	} {
		if i := slices.IndexFunc(said, func(text string) bool { return strings.Contains(text, want) }); i < 0 {
			t.Errorf("nobody says %q", want)
		} else {
			said = slices.Delete(said, i, i+1)
		}
	}
	if len(said) != 0 {
		t.Errorf("it is said besides, or again: %q", said)
	}
}

// Who looks at the past of more stations than are sampled is told so, once.
func TestMoreStationsThanAreSampledAreSaid(t *testing.T) {
	for _, n := range []int{mostSampled, mostSampled + 1} {
		names := make([]string, n)
		for i := range names {
			names[i] = fmt.Sprintf("station%04d", i)
		}
		e, ctx := running(t, Options{})
		b := newMemoryBus(names...)
		attach(ctx, t, e, b)
		b.send(ctx, t, e, names[0], batchOf(message(1, "a")))
		said := 0
		for at := range uint64(2) {
			looks(ctx, t, e, View{At: 1, Moment: int64(at)}, func(s *Snapshot) bool { return s.Then != nil })
		}
		s, err := e.Latest(ctx) // what the ones before led to is in it
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range s.Notices {
			if strings.Contains(x.Text, "there are 1001 and 0: name those that matter") {
				said++
			}
		}
		if want := n - mostSampled; said != want {
			t.Errorf("%d stations: said %d times, want %d", n, said, want)
		}
	}
}
