package sources

import (
	"context"
	"errors"
	"fmt"

	"signalbox/bus"
	"signalbox/sources/internal/lists"
)

// findAtOnce is how many events are looked at in one step of Find.
const findAtOnce = 20_000

// Find finds the message at a position of a station, by the names of its bus and its own: as the event that is held or, where
// it is not, as the bus still has it, understood and without a state.
func (e *Engine) Find(ctx context.Context, busName, station string, at bus.Position) (*EventDetail, error) {
	var found *EventDetail
	var from *attached
	var place *stationPlace
	next := uint64(0)
	err := e.requests.inSteps(ctx, func() bool {
		w := e.store.Window
		if place == nil {
			if from, place = e.attached.placeOf(busName, station); place == nil {
				return true
			}
			next = w.Next() - 1
		}
		var ev Event
		for range findAtOnce {
			if !w.Has(next) {
				return true
			}
			if held := w.Get(next); held.Station() == place.index {
				if e.store.Read(next, held, &ev); ev.Position == at {
					found = lists.Detail(e.store, next)
					return true
				}
			}
			next--
		}
		return false
	})
	switch {
	case err != nil || found != nil:
		return found, err
	case place == nil:
		return nil, fmt.Errorf("looking for a message of %s: it is not read here", station)
	}
	return e.fetch(ctx, from, place, at)
}

// stationPlace is what is needed of a station to find a message of it.
type stationPlace struct {
	index   uint16
	station bus.Station
	traits  *bus.Traits
}

// fetch has a message from its bus.
func (e *Engine) fetch(ctx context.Context, from *attached, p *stationPlace, at bus.Position) (*EventDetail, error) {
	getter, ok := bus.As[bus.Getter](from.bus)
	if !ok {
		return nil, errors.New("the message has left the window, and this bus hands out no single messages")
	}
	m, err := getter.Get(ctx, p.station, at)
	if err != nil {
		return nil, fmt.Errorf("fetching the message %s of %s, which is not held: %w", p.traits.Positions.Format(at), p.station.Name, err)
	}
	ev := &Event{Received: Received{
		UnixNano: m.UnixNano, Bus: from.name, Station: p.station.Name, Source: p.station.Kind, Traits: p.traits,
		Subject: m.Subject, Position: m.Position, Headers: m.Headers, Data: m.Data, Size: max(m.Size, len(m.Data)),
	}}
	var d *EventDetail
	err = e.requests.do(ctx, func() {
		e.store.Identify(ev)
		d = &EventDetail{Event: ev.Clone(), Held: len(ev.Data)}
	})
	return d, err
}
