package guess

import (
	"fmt"
	"slices"
	"testing"

	"signalbox/sources"
	"signalbox/sources/state"
)

// What more was seen of than is remembered is told; at the bound nothing is.
func TestWhatIsLeftOut(t *testing.T) {
	see := func(kinds, types, fields, entities, stations, statuses int) []string {
		g := New()
		add := func(station, kind, name, id, data string) {
			e := sources.Event{}
			e.Station, e.Kind, e.Type, e.ID, e.Data = station, state.NewKind(kind), name, id, []byte(data)
			g.Add(&e)
		}
		for i := range kinds {
			add("s", fmt.Sprint("kind", i), "t", "1", "{}")
		}
		for i := range types {
			add("s", "kind0", fmt.Sprint("type", i), "1", "{}")
		}
		data := "{"
		for i := range fields {
			data += fmt.Sprintf("%q:1,", fmt.Sprint("field", i))
		}
		add("s", "kind0", "type0", "1", data+`"end":1}`)
		for i := range entities {
			add("s", "kind0", "type0", fmt.Sprint(i), "{}")
		}
		for i := range stations {
			add(fmt.Sprint("s", i), "kind0", "type0", "1", "{}")
		}
		for i := range statuses {
			add("s", "kind0", "type1", fmt.Sprint(i), fmt.Sprintf(`{"status":"status%d"}`, i))
		}
		for i := range statuses {
			add("s", "kind0", "type2", fmt.Sprint(i), `{"status":"at last"}`)
		}
		return g.LeftOut()
	}
	if left := see(maxKinds, maxTypes-1, maxFields-1, maxEntities-maxKinds, maxStations-1, maxStatuses-1); len(left) > 0 {
		t.Errorf("at the bounds: %q", left)
	}
	want := []string{"100 kinds", "24 statuses before a type", "24 statuses of a type", "40 fields of a type", "50 stations of a kind", "50000 entities", "60 types of a kind"}
	if left := see(maxKinds+1, maxTypes, maxFields, maxEntities+1, maxStations, maxStatuses+1); !slices.Equal(left, want) {
		t.Errorf("over them: %q, want %q", left, want)
	}
}
