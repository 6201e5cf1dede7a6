package scope

import (
	"testing"
	"time"

	"signalbox/bus"
	"signalbox/scenarios/expression"
	"signalbox/sources"
	"signalbox/sources/state"
)

// event is one that has been held: nothing leads to its fold.
func event() *sources.Event {
	return &sources.Event{
		Received: sources.Received{
			UnixNano: time.Now().Add(-time.Minute).UnixNano(), Bus: "demo", Station: "orders", Traits: &bus.Traits{Positions: bus.TimedIDs}, Subject: "orders.1",
			Headers: bus.Headers{{Name: "Trace", Value: "t1"}}, Position: bus.Position{Major: 1700000000000, Minor: 2}, Data: []byte(`{"n":1}`),
		},
		Understood: sources.Understood{Type: "Placed", Kind: state.NewKind("order"), ID: "o-1"},
		Outcome:    sources.Outcome{Version: 3, Failed: "data.m is missing"},
	}
}

func TestEventRow(t *testing.T) {
	var row EventRow
	var lookup expression.Lookup
	scope := row.Scope(&lookup)
	for text, want := range map[string]bool{
		`data.n == 1 && type == "Placed"`:                             true,
		`entity.kind == "order" && entity.id == "o-1"`:                true,
		`entity == {"kind": "order", "id": "o-1"}`:                    true,
		`position == "1700000000000-2"`:                               true,
		`problem == "data.m is missing" && rejected == nil`:           true,
		`headers.Trace == "t1" && headers["None"] == nil`:             true,
		`age > 50s && age < 5m && size == 7 && version == 3`:          true,
		`bus == "demo" && subject startsWith "orders" && time > "20"`: true,
		`correlation == nil && station == "votes"`:                    false,
	} {
		x, err := scope.Condition(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		row.Event = event()
		row.Data.Reset(expression.View(row.Event.Data), &lookup)
		if got, err := x.Test(&expression.Frame{}); got != want || err != nil {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
}

// What a partial state lacks may be there in truth, so that it decides nothing.
func TestWhatIsUnknownOfAPartialState(t *testing.T) {
	kind := state.NewKind("order", "sum")
	for text, unknown := range map[string]bool{
		`state.sum == 1`: false, `state.gone == nil`: true, `version > 1`: true, `len(state) > 0`: true, `id == "o-1"`: false,
	} {
		v := View{Event: event(), State: &state.State{}}
		v.State.Reset(kind)
		v.State.Partial = true
		v.State.Set(kind.Slot("sum"), state.IntValue(1))
		x, err := v.Rules(&expression.Lookup{}, kind).Compile(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		var f expression.Frame
		f.Begin()
		if _, err := x.Eval(&f); err != nil || f.Unknown != unknown {
			t.Errorf("%s: unknown %v, %v", text, f.Unknown, err)
		}
	}
}
