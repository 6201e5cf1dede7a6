package deck

import (
	"math"
	"testing"
	"time"

	"signalbox/sources"
	"signalbox/ui/deck/component"
)

// charted gives the world a chart as the engine would compute it: a minute of four types, and others.
func charted(s *driver) {
	c := &sources.Chart{Events: 4210, Others: 31, Part: 1}
	for i := range 30 {
		c.Times = append(c.Times, noon.Truncate(10*time.Second).Add(time.Duration(i-29)*10*time.Second))
	}
	for i, name := range []string{"PICKUP_PRODUCTS", "CREATE_DELIVERY", "DELIVER_PRODUCTS", "BallotCast"} {
		x := sources.ChartSeries{Names: []string{name}, Events: uint64(900 - 100*i), All: float64(900 - 100*i)}
		for j := range c.Times {
			x.Values = append(x.Values, math.Round(float64(40-8*i)*(1+math.Sin(float64(j+4*i)/4))))
		}
		c.Series = append(c.Series, x)
	}
	other := sources.ChartSeries{Other: true, Names: []string{}, Events: 31, All: 31, Values: make([]float64, len(c.Times))}
	other.Values[3], other.Values[20] = 11, 20
	c.Series = append(c.Series, other)
	s.fake.chart = c
}

// A chart is typed, and leads to the events of one series at one time.
func TestChartLeadsOn(t *testing.T) {
	s := drive(t, demo(), 120, 36)
	charted(s)
	s.key(":").write("chart p95 by type").key("enter")
	s.shows("p95 of what?")
	s.key("esc", ":").write("chart p95(data.quantity) by type every 10s where data.quantity > 0").key("enter")
	if c := s.fake.view.Chart; c == nil || c.Measure != sources.ChartQuantile {
		t.Fatalf("%+v is asked for", c)
	}
	s.shows("chart p95(data.quantity) by type every 10s where data.quantity > 0", "lines", "PICKUP_PRODUCTS", "31 in other")
	s.key("down", "left", "enter")
	want := `type:"CREATE_DELIVERY" data.quantity > 0 && time >= "2026-11-20T14:03:10.000000000Z" && time < "2026-11-20T14:03:20.000000000Z"`
	if got := s.model.Selection.Events.Text(); got != want {
		t.Errorf("the events are narrowed by %s, want %s", got, want)
	}
	if s.fake.view.Chart != nil {
		t.Error("the chart is still asked for, and nobody looks")
	}
	s.key("esc", "C", "end", "enter")
	s.shows("these are events of many series")
	if component.Called(s.model.Overlays.Top()) != "a chart" {
		t.Error("the chart is not there any more")
	}
	s.fake.chart = nil
	s.send(snapshotMsg{})
	s.shows("going through the events that are held")
}

// What leads from a chart to events is a filter, whatever the chart is by.
func TestChartFilters(t *testing.T) {
	texts, truths := []string{"", "x", "true", "7.5", `a "b"`}, []string{"true", "false"}
	s, n := drive(t, demo(), 120, 36), 0
	for by, names := range map[string][]string{"type, status": texts, "kind": texts, "data.quantity": texts, "state.budget < 0": truths, "data.quantity > 3 && type == \"x\"": truths} {
		for _, where := range []string{"", " where pickup", " where type:PICK data.quantity > 3", " where data.quantity > 3 || data.quantity == nil"} {
			n++
			charted(s)
			s.fake.chart.Series[0].Names = []string{names[n%len(names)], "sold"}
			s.model.Selection.Events.Widen()
			s.key(":").write("chart count by "+by+where).key("enter", "enter")
			if s.model.Selection.Events.Text() == "" {
				t.Fatalf("by %s%s, %q: the events are not narrowed:\n%s", by, where, names[n%len(names)], s.screen())
			}
		}
	}
}
