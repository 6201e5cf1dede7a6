package sources

import (
	"time"

	"signalbox/sources/internal/chart"
	"signalbox/sources/internal/event"
	"signalbox/sources/internal/store"
)

// ChartSpec says what a chart computes of events; see package scenarios/chart. Another one is another pointer.
type ChartSpec = chart.Spec

// ChartMeasure is what is computed.
type ChartMeasure = chart.Measure

// The measures.
const (
	ChartCount    = chart.Count
	ChartRate     = chart.Rate
	ChartSum      = chart.Sum
	ChartMean     = chart.Mean
	ChartLeast    = chart.Least
	ChartMost     = chart.Most
	ChartQuantile = chart.Quantile
	ChartDistinct = chart.Distinct
)

// Chart is what a ChartSpec has come to.
type Chart = chart.Chart

// ChartSeries is one line of a Chart.
type ChartSeries = chart.Series

// ChartRow is one series of a ChartTable at one time.
type ChartRow = chart.Row

// ChartTable computes a chart of the events that it is given, one after the other, for those who look once at the end.
type ChartTable = chart.Table

// NewChartTable makes one, for those who have the events of a tap.
func NewChartTable(spec *ChartSpec) *ChartTable {
	return chart.New(spec, chart.Limits{Series: 10_000, Times: 100_000, Bytes: 256 << 20})
}

// charts computes the chart that is looked at: of what comes as it comes, and of what is held once, from the newest event on
// backwards, a slice at a time. Nobody looking costs nothing.
type charts struct {
	store *store.Store
	spec  *ChartSpec
	at    uint64 // the event after which it is shown; 0 is now
	table *chart.Table
	from  uint64 // the newest that is held and was gone through
	next  uint64 // the event to be gone on with; 0 at the end
	fresh bool   // something was gone through that no snapshot shows
	stale bool   // what is held was amended since it began
	chart *chart.Chart
	paced
	event Event
	past  event.Past
}

// chartAtOnce is how many events are gone through before the time is looked at.
const chartAtOnce = 64

// look turns to a chart, as it is after an event; 0 is now. A nil one is none.
func (x *charts) look(spec *ChartSpec, at uint64) {
	if spec != x.spec || at != x.at {
		x.spec, x.at = spec, at
		x.begin()
	}
}

func (x *charts) begin() {
	x.table, x.chart, x.from, x.next, x.stale = nil, nil, 0, 0, false
	if x.spec == nil {
		return
	}
	x.table = chart.New(x.spec, chart.Deck)
	x.from = x.store.Window.Next() - 1
	if x.at != 0 {
		x.from = min(x.from, x.at)
	}
	x.next = x.from
	if x.past == nil {
		x.past = x.store.Past()
	}
}

// live tells whether events are taken as they come.
func (x *charts) live() bool { return x.table != nil && x.at == 0 }

// work goes through events that are held, and tells whether there are none left.
func (x *charts) work(until time.Time) bool {
	if x.table == nil {
		return true
	}
	if x.stale && x.next == 0 { // what is known of it is shown until it is gone through anew
		shown := x.chart
		x.begin()
		x.chart = shown
	}
	if x.next == 0 {
		return true
	}
	w := x.store.Window
	for n := 1; x.next > 0 && w.Has(x.next); n++ {
		x.event.Past = x.past
		x.store.Read(x.next, w.Get(x.next), &x.event)
		x.table.Take(&x.event)
		if x.next--; n%chartAtOnce == 0 && time.Now().After(until) {
			return false
		}
	}
	x.next, x.paced, x.fresh = 0, paced{}, true
	return true
}

func (x *charts) held() int64 {
	if x.table == nil {
		return 0
	}
	return x.table.Bytes()
}

// show is the chart that is looked at; nil for none. It tells whether it is as it is now.
func (x *charts) show() (*chart.Chart, bool) {
	if x.table == nil {
		return nil, true
	}
	if x.chart != nil && !x.due() {
		return x.chart, false
	}
	x.renew(func() { x.chart = x.table.Chart() })
	if first := x.store.Window.First(); x.next >= first && x.from >= first {
		x.chart.Part = float64(x.from-x.next) / float64(x.from-first+1)
	}
	return x.chart, true
}
