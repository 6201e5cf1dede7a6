package deck

import (
	"strings"
	"testing"
	"time"

	"signalbox/sources"
)

// flowing gives the world a flow as the engine would mine it.
func flowing(s *driver) {
	way := func(typ, reason string, n uint64) sources.FlowWay {
		return sources.FlowWay{Type: typ, Reason: reason, Count: n}
	}
	s.fake.flow = &sources.Flow{
		Kind: "delivery", Entities: 214, Events: 1204, Part: 1, Declared: true, Time: noon,
		Boxes: []sources.FlowBox{
			{}, {Name: "ready", Entities: 12, Left: 202, P99: 4 * time.Second}, {Name: "active", Entities: 31, Left: 174, P99: 9 * time.Second},
			{Name: "collected", Entities: 40, Left: 128}, {Name: "completed", Entities: 128}, {Name: "parked", Entities: 3, Left: 2, Undeclared: true}, {Name: "cancelled", Never: true},
		},
		Arrows: []sources.FlowArrow{
			{From: 0, To: 1, Count: 214, Ways: []sources.FlowWay{way("CREATE_DELIVERY", "", 214)}},
			{From: 1, To: 2, Count: 200, Timed: true, Median: 420 * time.Millisecond, P95: 2300 * time.Millisecond, Ways: []sources.FlowWay{way("START_DELIVERY", "", 200)}},
			{From: 1, To: 5, Count: 2, Timed: true, Median: 61 * time.Second, P95: 70 * time.Second, Rare: true, Ways: []sources.FlowWay{way("PARK", "", 2)}},
			{From: 2, To: 3, Count: 168, Timed: true, Median: 1200 * time.Millisecond, P95: 8 * time.Second, Ways: []sources.FlowWay{way("PICKUP_PRODUCTS", "", 168)}},
			{From: 2, To: 2, Count: 31, Timed: true, Median: 900 * time.Millisecond, P95: 3 * time.Second, Ways: []sources.FlowWay{way("INCREASE_BUDGET", "", 31)}},
			{From: 2, To: 2, Refused: true, Count: 14, Timed: true, Median: time.Second, P95: 2 * time.Second,
				Ways: []sources.FlowWay{way("PICKUP_PRODUCTS", "Not enough budget", 11), way("START_DELIVERY", "Delivery already started", 3)}},
			{From: 3, To: 4, Count: 128, Timed: true, Median: 2 * time.Second, P95: 11 * time.Second, Ways: []sources.FlowWay{way("DELIVER_PRODUCTS", "", 128)}},
			{From: 5, To: 1, Count: 1, Timed: true, Median: 5 * time.Second, P95: 5 * time.Second, Ways: []sources.FlowWay{way("RESUME", "", 1)}},
		},
		Waits:   2,
		Waiting: []sources.FlowWaiting{{ID: "01HX03Q", Box: 1, Since: noon.Add(-90 * time.Second)}, {ID: "01HX01Q", Box: 2, Since: noon.Add(-20 * time.Second)}},
	}
}

// The flow leads on: from an arrow to its events, from who waits to its state; where there is no room to draw, arrows are listed.
func TestFlowLeadsOn(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	flowing(s)
	s.key("f", "down")
	if s.fake.view.Flow != "delivery" {
		t.Fatalf("the flow of %q is asked for", s.fake.view.Flow)
	}
	s.shows("flow of delivery", "214 deliveries", "2 wait long", "✗ refused", "never reached, though the domain declares it: cancelled", "parked ?")
	s.key("enter")
	want := `entity.kind == "delivery" && rejected == nil && problem == nil && before.status == "ready" && state.status == "active"`
	if got := s.model.Selection.Events.Text(); got != want {
		t.Errorf("the events are narrowed by %s, want %s", got, want)
	}
	if s.fake.view.Flow != "" {
		t.Error("the flow is still asked for, and nobody looks")
	}
	s.key("esc", "f", "end", "enter")
	if got := s.model.Selection.Entity; got != (sources.Entity{Kind: "delivery", ID: "01HX01Q"}) {
		t.Errorf("enter on who waits chose %v", got)
	}
	for _, filter := range s.fake.flow.Arrows {
		if err := s.model.Selection.Events.Narrow(filterOf(s, &filter)); err != nil {
			t.Errorf("%+v: %v", filter, err)
		}
	}
	s.key(":").write("flow nothing").key("enter")
	s.shows("no entity of kind nothing is here: delivery")
	s.key("esc")
	small := drive(t, demo(), 60, 15)
	flowing(small)
	small.key("f")
	small.shows("flow of delivery", "from", "ready", "count")
	if strings.Contains(small.screen(), "→") {
		t.Error("it is drawn where there is no room")
	}
}

// filterOf is what enter on an arrow narrows events by.
func filterOf(s *driver, a *sources.FlowArrow) string {
	s.fake.flow.Arrows = []sources.FlowArrow{*a}
	s.key("f", "home", "enter")
	return s.model.Selection.Events.Text()
}
