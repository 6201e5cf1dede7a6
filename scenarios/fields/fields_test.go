package fields

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/sources/state"
)

func event(data string) *sources.Event {
	return &sources.Event{Received: sources.Received{Data: []byte(data), Headers: bus.Headers{{Name: "Trace", Value: "1"}}}}
}

// A field that nothing has is told with the nearest name, one that anything has is not.
func TestMissing(t *testing.T) {
	read := []*sources.Event{
		event(`{"quantity":2,"address":{"city":"x"},"tags":[{"a":1}],"text":"{}","nothing":null,"na\u006de":1}`),
		event(`no JSON`), event(``), event(`{"later":1}`),
	}
	for text, want := range map[string]string{
		"data.quantiti > 3":           "no event has data.quantiti; the nearest is data.quantity",
		"type:X data.quantiti > 3":    "no event has data.quantiti; the nearest is data.quantity",
		"data['quantiti'] > 3":        "no event has data.quantiti; the nearest is data.quantity",
		"data.address.citi == 'x'":    "no event has data.address.citi; the nearest is data.address.city",
		"data.adress.city == 'x'":     "no event has data.adress.city; the nearest is data.address",
		"data.nothing.at > 1":         "no event has data.nothing.at",
		"headers.Trase == '1'":        "no event has headers.Trase; the nearest is headers.Trace",
		"data.quantity > 3":           "",
		"data.name > 3":               "",
		"data.later > 3":              "",
		"data.tags.a > 3":             "", // of a list it cannot be told
		"data.tags[0].a > 3":          "",
		"data.text.a > 3":             "",
		"data == 3 || type == 'x'":    "",
		"pickup":                      "",
		"headers.Trace == '1'":        "",
		"data.xyzxyz == 1":            "no event has data.xyzxyz; there are data.address, data.later, data.name, data.nothing, data.quantity, data.tags, data.text",
		"data.a0 == 1 && data.b0 < 1": "no event has data.a0; there are data.address, data.later, data.name, data.nothing, data.quantity, data.tags, data.text no event has data.b0; there are data.address, data.later, data.name, data.nothing, data.quantity, data.tags, data.text",
	} {
		var f Fields
		f.OfFilters(text, text)
		for _, e := range read {
			f.See(e)
		}
		if got := f.Missing(); fmt.Sprint(got) != "["+want+"]" {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// What counts are told apart by, and computed of, is looked for as well.
func TestMissingOfExpressions(t *testing.T) {
	var f Fields
	f.OfExpressions("p95(data.pryce)", "type, data.stauts", "count", "")
	f.See(event(`{"price":1,"status":"x"}`))
	want := []string{"no event has data.pryce; the nearest is data.price", "no event has data.stauts; the nearest is data.status"}
	if got := f.Missing(); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// Fields of states are those that any entity of the kinds that came has had.
func TestMissingOfStates(t *testing.T) {
	var f Fields
	f.OfFilters("state.stauts == 'x' && before.budget > 1 && changed.bugdet")
	f.See(event(`{}`))
	if got := f.Missing(); len(got) > 0 {
		t.Errorf("nothing had a state: %q", got)
	}
	e := event(`{}`)
	e.Kind = state.NewKind("delivery", "budget")
	f.See(e)
	want := []string{"no entity has state.stauts; the nearest is state.status", "no entity has changed.bugdet; the nearest is changed.budget"}
	if got := f.Missing(); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// Fields that filters of entities name are those that any entity of a list has.
func TestMissingOfEntities(t *testing.T) {
	rows := []sources.EntityRow{{}, {Fields: []state.Field{{Name: "budget"}}}}
	for text, want := range map[string]string{
		"state.bugdet > 1": "no entity has state.bugdet; the nearest is state.budget",
		"state.budget > 1": "", "state.status == 'x'": "", "status:x": "", "version > 1": "", "": "",
	} {
		got := strings.Join(OfEntities(rows, text, "state.budget < 3"), "|")
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	if got := OfEntities(nil, "state.bugdet > 1"); len(got) > 0 {
		t.Errorf("there is no entity: %q", got)
	}
}

// A field that comes late is seen, also when no more names are remembered.
func TestSeenLate(t *testing.T) {
	for late, want := range map[string]int{`{"late":1}`: 0, `{"l\u0061te":1}`: 0, `{"x":"late"}`: 1} {
		var f Fields
		f.OfFilters("data.late > 1")
		for range gathered + 1 {
			f.See(event(`{"early":1}`))
		}
		f.See(event(late))
		if got := f.Missing(); len(got) != want {
			t.Errorf("%s: %q", late, got)
		}
	}
	var f Fields
	f.OfFilters("data.late > 1")
	if got := f.Missing(); len(got) > 0 {
		t.Errorf("nothing was read: %q", got)
	}
}
