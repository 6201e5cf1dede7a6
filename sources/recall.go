package sources

import (
	"context"
	"fmt"

	"signalbox/bus"
)

// recall takes in how the stations and consumers of a bus were at earlier times, where the bus knows: from then on any of these
// moments can be shown. It comes before the first event, and leaves the consumers as they were at last.
func (e *Engine) recall(ctx context.Context, a *attached, opened []opening) error {
	past, ok := bus.As[bus.Historian](a.bus)
	if !ok || a.again {
		return nil
	}
	wanted := make(map[string]bool, len(opened))
	for i := range opened {
		wanted[opened[i].row.Name] = true
	}
	var stopped error
	err := past.History(ctx, func(f bus.Figures) bool {
		stopped = e.requests.do(ctx, func() { e.recalled(a, wanted, &f) })
		return stopped == nil
	})
	if err == nil {
		err = stopped
	}
	if err != nil {
		return fmt.Errorf("reading how %s was: %w", a.name, err)
	}
	return nil
}

// recalled takes in how things were at one time.
func (e *Engine) recalled(a *attached, wanted map[string]bool, f *bus.Figures) {
	if e.store.Window.Total() > 0 { // of another bus: what is remembered of earlier moments is in order of time
		return
	}
	if !a.recalled {
		a.recalled = true
		e.then.album.Clear()
	}
	for _, row := range f.Stations {
		if wanted[row.Name] && (a.stations[row.Name] != nil || len(e.attached.stations) < mostStations) {
			e.attached.station(a, row)
		}
	}
	e.attached.consumed(a, f.Consumers, f.Time)
	e.then.sampleAt(f.Time, true)
	e.dirty = true
}

// listsConsumers tells who is asked again and again for the consumers of a bus: nobody, where they were recalled.
func (a *attached) listsConsumers() (bus.ConsumerLister, bool) {
	if a.again || a.recalled {
		return nil, false
	}
	return bus.As[bus.ConsumerLister](a.bus)
}
