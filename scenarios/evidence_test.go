package scenarios

import (
	"testing"
)

// A failure tells the newest of its entity's history and the events around it, and how many more there are.
func TestEvidenceIsBounded(t *testing.T) {
	l := Builtin()
	stage := live(t, l)
	chosen := own(t, l, `s:
  - deliveries.create: {}
  - deliveries.create: {}
    as: d
  - deliveries.start: { id: d.id }
  - repeat: { times: 30, steps: [ { deliveries.start: { id: d.id } } ] }
  - expect: { entity: d, that: rejected == 30 }
  - repeat: { times: 1, steps: [ { expect: { entity: d, that: rejected == 99, within: 1ms } } ] }
`)
	result, err := stage.Run(t.Context(), chosen, nil)
	if err != nil || result.Failed == nil || result.Failed.Evidence == nil {
		t.Fatal(err, result.Failed)
	}
	x := result.Failed.Evidence
	if n := len(x.Entity.History); n != 20 || x.Older != 12 || x.Entity.History[n-1].Rejected != "Delivery already started" {
		t.Errorf("%d of the history, %d older", n, x.Older)
	}
	if len(x.Around) != 21 || x.More != 12 || x.Around[0].Why != "the last on deliveries" || x.Around[20].Why != "its entity" {
		t.Errorf("%d around, %d more", len(x.Around), x.More)
	}
	for i := 1; i < len(x.Around); i++ {
		if x.Around[i].Number <= x.Around[i-1].Number {
			t.Errorf("event %d stands behind %d", x.Around[i].Number, x.Around[i-1].Number)
		}
	}
}

// What is about no entity tells that of the one event that has a name.
func TestEvidenceOfAnEvent(t *testing.T) {
	l := Builtin()
	stage := live(t, l)
	result, err := stage.Run(t.Context(), own(t, l, `s:
  - deliveries.create: {}
    as: d
  - expect: { entity: d, that: version == 1 }
  - expect: { event: type == "NOTHING", within: 1ms }
`), nil)
	if err != nil || result.Failed == nil || result.Failed.Evidence == nil || result.Failed.Evidence.Entity == nil {
		t.Fatal(err, result.Failed)
	}
	if d := result.Failed.Evidence.Entity; d.Kind != "delivery" || len(d.History) != 1 {
		t.Errorf("%+v", d)
	}
}
