package understand

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"signalbox/sources"
	"signalbox/sources/state"
)

func TestUnderstandingIsBounded(t *testing.T) {
	d := New(nil)
	var told []string
	d.TellBounds(func(text string) { told = append(told, text) })
	kinds, types := map[*state.Kind]bool{}, map[string]bool{}
	for i := range maxTypes + 1000 {
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
	long := strings.Repeat("x", maxTypeName+1)
	for _, data := range []string{`{"type":"` + long + `"}`, `{"type":"T1","kind1_id":"` + long + `"}`} {
		for range 2 {
			d.Understand(&sources.Event{Received: sources.Received{Subject: "x", Data: []byte(data)}})
		}
	}
	want := []string{texts[tooManyKinds], texts[tooManyTypes], texts[longIdentity]}
	if !slices.Equal(told, want) {
		t.Errorf("told %q, want each once: %q", told, want)
	}
}

func TestLongTypesAreCutAndTold(t *testing.T) {
	d := New(nil)
	var told []string
	d.TellBounds(func(text string) { told = append(told, text) })
	for i := range maxTypes + 1 { // types that differ only beyond what is kept take one place
		e := &sources.Event{Received: sources.Received{Subject: "x", Data: fmt.Appendf(nil, `{"type":"%s%d"}`, strings.Repeat("x", maxTypeName), i)}}
		if d.Understand(e); len(e.Type) != maxTypeName {
			t.Fatalf("the type is %q", e.Type)
		}
	}
	if !slices.Equal(told, []string{texts[longType]}) {
		t.Errorf("told %q", told)
	}
}
