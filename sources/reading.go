package sources

import "slices"

// RowData is how much of a payload the rows of the events pane have; an open event has all that is held.
const RowData = 4 << 10

// copyOf is a held event with memory of its own, at most so much of its payload.
func (e *Engine) copyOf(number uint64, data int) *Event {
	r, entry, all := e.window.get(number)
	ev := &Event{Received: Received{Number: number}}
	own := slices.Concat(entry, all[:min(len(all), data)])
	e.fill(r, own[:len(entry)], own[len(entry):], ev)
	return ev
}

func (e *Engine) fill(r *record, entry, data []byte, ev *Event) {
	s := e.stations[r.station]
	ev.Bus, ev.Station, ev.Source, ev.Traits, ev.Type = s.bus.name, s.row.Name, s.row.Kind, s.traits, e.types.name(r.typ)
	if r.kind != 0 {
		ev.Kind = e.entities.kinds[r.kind-1]
	}
	readEntry(r, entry, data, ev)
}
