package truth

import (
	"testing"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/sources/state"
)

func TestCompare(t *testing.T) {
	place, ok := ParsePlace("delivery", "redis", "delivery:{id}")
	if !ok || place.Path("01A") != "delivery:01A" || place.ID("delivery:01A") != "01A" {
		t.Fatalf("%+v, %v", place, ok)
	}
	if _, ok := ParsePlace("delivery", "redis", "delivery:{id}:{kind}"); ok {
		t.Error("a template with another name can be read")
	}
	row := sources.EntityRow{Entity: sources.Entity{Kind: "delivery", ID: "01A"}, Status: "ready", Fields: []state.Field{
		{Name: "budget", Value: state.IntValue(50)}, {Name: "notes", Value: state.TextValue("7")},
		{Name: "items", Value: state.JSONValue(`[1, {"a": 2}]`)}, {Name: "paid", Value: state.BoolValue(true)}}}
	for copied, want := range map[string]string{
		`{"status":"ready","budget":50,"notes":"7","items":[1,{"a":2}],"paid":true}`:                     "",
		`{"status":"ready","budget":"50","notes":"7","items":"[1,{\"a\":2}]","paid":"true","pk":9}`:      "",
		`{"status":"ready","budget":50.0,"notes":7,"items":[1,{"a":2.0}],"paid":true,"quantity":null}`:   "",
		`{"status":"ready","budget":50,"notes":"07","items":[1,{"a":2}],"paid":true}`:                    "differs in notes: 7, in the copy 07",
		`{"status":"active","budget":40,"notes":"7","items":[1,{"a":2}],"paid":true}`:                    "differs in status: ready, in the copy active, budget: 50, in the copy 40",
		`{"status":"ready","notes":"7","items":[1,{"a":2}],"paid":true}`:                                 "differs in budget: 50, in the copy nothing",
		`{"status":"ready","budget":50,"notes":"7","items":[1,{"a":2}],"paid":true,"quantity":3}`:        "differs in quantity: nothing, in the copy 3",
		`{"status":"ready","budget":9007199254740993,"notes":"7","items":[1,{"a":2,"b":1}],"paid":true}`: `differs in budget: 50, in the copy 9007199254740993, items: [1, {"a": 2}], in the copy [1,{"a":2,"b":1}]`,
		`[1]`: "unreadable, it is no JSON object",
		`no`:  "unreadable, it is no JSON object",
		``:    "unreadable, it is no JSON object",
	} {
		d, differs := place.Compare(&row, bus.Copied{Kept: true, Data: []byte(copied), Size: len(copied)}, func(f string) bool { return f == "quantity" })
		if got := d.String(); differs != (want != "") || differs && got != "delivery/01A and its copy delivery:01A: "+want {
			t.Errorf("%s: %q, want %q", copied, got, want)
		}
	}
	nothing := sources.EntityRow{Entity: row.Entity}
	for copied, want := range map[string]bool{"": false, "{}": false, `{"budget":50}`: true, "no": true} {
		c := bus.Copied{Kept: copied != "", Data: []byte(copied), Size: len(copied)}
		if _, differs := place.Compare(&nothing, c, func(string) bool { return true }); differs != want {
			t.Errorf("an entity without a state, of which all events failed, and the copy %q: differ is %v", copied, differs)
		}
	}
	if d, _ := place.Compare(&row, bus.Copied{}, nil); d.Sort != NoCopy {
		t.Errorf("without a copy: %+v", d)
	}
	if d, _ := place.Compare(&row, bus.Copied{Kept: true, Size: 1 << 30}, nil); d.Sort != Unread || d.Why == "" {
		t.Errorf("a copy that is too large: %+v", d)
	}
}

func TestLargeNumbersAreComparedExactly(t *testing.T) {
	a, b := state.IntValue(9007199254740993), state.IntValue(9007199254740992)
	if same(a, b) || !same(a, state.TextValue("9007199254740993")) {
		t.Error("numbers above 2^53 are not told apart")
	}
}
