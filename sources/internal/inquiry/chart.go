package inquiry

import (
	"time"

	"signalbox/sources/internal/chart"
	"signalbox/sources/internal/event"
	"signalbox/sources/internal/store"
)

// Chart computes the chart that is looked at: of what comes as it comes, and of what is held once, from the newest event on
// backwards, a slice at a time. Nobody looking costs nothing.
type Chart struct {
	Fresh bool // something was gone through that no snapshot shows
	Stale bool // what is held was amended since it began

	store *store.Store
	spec  *chart.Spec
	at    uint64 // the event after which it is shown; 0 is now
	table *chart.Table
	from  uint64 // the newest that is held and was gone through
	next  uint64 // the event to be gone on with; 0 at the end
	chart *chart.Chart
	paced
	event event.Event
	past  event.Past
}

// chartAtOnce is how many events are gone through before the time is looked at.
const chartAtOnce = 64

// NewChart computes nothing yet.
func NewChart(st *store.Store) Chart { return Chart{store: st} }

// Take takes in an event that was just folded.
func (x *Chart) Take(ev *event.Event) { x.table.Take(ev) }

// Look turns to a chart, as it is after an event; 0 is now. A nil one is none.
func (x *Chart) Look(spec *chart.Spec, at uint64) {
	if spec != x.spec || at != x.at {
		x.spec, x.at = spec, at
		x.Begin()
	}
}

// Begin begins anew: what is held, or how it is told, is another.
func (x *Chart) Begin() {
	x.table, x.chart, x.from, x.next, x.Stale = nil, nil, 0, 0, false
	if x.spec == nil {
		return
	}
	x.table = chart.New(x.spec, chart.Deck)
	x.from = x.store.Window.Next() - 1
	if x.at != 0 {
		x.from = min(x.from, x.at)
	}
	x.next = x.from
	x.past = x.store.Past()
}

// Live tells whether events are taken as they come.
func (x *Chart) Live() bool { return x.table != nil && x.at == 0 }

// Work goes through events that are held, and tells whether there are none left.
func (x *Chart) Work(until time.Time) bool {
	if x.table == nil {
		return true
	}
	if x.Stale && x.next == 0 { // what is known of it is shown until it is gone through anew
		shown := x.chart
		x.Begin()
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
	x.next, x.paced, x.Fresh = 0, paced{}, true
	return true
}

// Held is the memory that it takes.
func (x *Chart) Held() int64 {
	if x.table == nil {
		return 0
	}
	return x.table.Bytes()
}

// Show is the chart that is looked at; nil for none. It tells whether it is as it is now.
func (x *Chart) Show() (*chart.Chart, bool) {
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
