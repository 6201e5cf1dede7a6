package understand

import (
	"fmt"
	"testing"

	"signalbox/sources"
	"signalbox/sources/state"
)

func TestUnderstandingIsBounded(t *testing.T) {
	d := New(nil)
	kinds, types := map[*state.Kind]bool{}, map[string]bool{}
	for i := range 5000 {
		e := &sources.Event{Received: sources.Received{
			Station: fmt.Sprint("s", i), Subject: "x",
			Data: fmt.Appendf(nil, `{"type":"T%d","kind%d_id":"1","f%d":1}`, i, i, i),
		}}
		d.Understand(e)
		kinds[e.Kind], types[e.Type] = true, true
	}
	if len(kinds) > maxKinds+1 || len(types) > maxTypes+1 || len(d.plans) > maxPlans || len(d.generic.kinds) > maxHints {
		t.Errorf("%d kinds, %d types, %d stations, %d hints", len(kinds), len(types), len(d.plans), len(d.generic.kinds))
	}
	if !types[otherType] {
		t.Error("no event has the type that stands for the others")
	}
}
