package sources

import (
	"slices"
	"time"

	"signalbox/bus"
	"signalbox/sources/diagnosis"
)

// ConsumerRow is one consumer in the consumers pane.
type ConsumerRow = diagnosis.Row

// Diagnosis is what is wrong with a consumer.
type Diagnosis = diagnosis.Diagnosis

// consumed takes in what a bus said of its consumers at a time. Those of stations that nobody asked for are left out.
func (x *attachments) consumed(a *attached, list []bus.Consumer, at time.Time) {
	if a.life.Err() != nil { // it was detached meanwhile
		return
	}
	list = slices.DeleteFunc(slices.Clone(list), func(c bus.Consumer) bool { return !x.concerns(a.bus, c.Station) })
	rows := slices.DeleteFunc(slices.Clone(x.consumers), func(r ConsumerRow) bool { return r.Bus == a.name })
	rows = append(rows, a.consumers.Follow(list, at)...)
	diagnosis.Sort(rows)
	x.consumers = rows
	x.agreeOnGivenUp()
}
