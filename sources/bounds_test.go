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
