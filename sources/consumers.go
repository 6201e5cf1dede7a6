package sources

import (
	"slices"

	"signalbox/bus"
	"signalbox/sources/diagnosis"
)

// ConsumerRow is one consumer in the consumers pane.
type ConsumerRow = diagnosis.Row

// Diagnosis is what is wrong with a consumer.
type Diagnosis = diagnosis.Diagnosis

// consumed takes in what a bus said of its consumers. Those of stations that nobody asked for are left out.
func (e *Engine) consumed(a *attached, list []bus.Consumer) {
	list = slices.DeleteFunc(slices.Clone(list), func(c bus.Consumer) bool { return !e.concerns(a.bus, c.Station) })
	rows := slices.DeleteFunc(slices.Clone(e.consumers), func(r ConsumerRow) bool { return r.Bus == a.name })
	rows = append(rows, a.consumers.Follow(list, e.now())...)
	diagnosis.Sort(rows)
	e.consumers = rows
	e.agreeOnGivenUp()
}
