package sources

import (
	"signalbox/bus"
	"signalbox/sources/internal/packed"
	"signalbox/sources/internal/window"
)

// RowData is how much of a payload the rows of the events pane have; an open event has all that is held.
const RowData = 4 << 10

// read fills in ev with a held event, which shares the window's memory.
func (e *Engine) read(number uint64, held window.Held, ev *Event) {
	h := &e.entry
	held.Read(h)
	s := e.stations[h.Station]
	*ev = Event{Received: Received{
		Number: number, UnixNano: h.UnixNano, Bus: s.bus.name, Station: s.row.Name, Source: s.row.Kind, Traits: s.traits,
		Subject: trimText(h.Subject, mostText), Position: h.Position, Headers: h.Headers, Data: h.Data, Size: h.Size,
	}, Understood: Understood{
		Type: h.TypeName, ID: h.ID, Body: h.Body, Correlation: h.Correlation, Problem: h.Problem,
	}, Outcome: Outcome{Version: uint64(h.Version)}}
	if h.Type != 0 {
		ev.Type = e.types.name(h.Type)
	}
	if h.Kind != 0 {
		ev.Kind = e.entities.kinds[h.Kind-1].kind
		ev.Status = e.entities.kinds[h.Kind-1].statusName(h.Status)
	}
	switch h.Result {
	case window.Rejected:
		ev.Rejected = h.Reason
	case window.Failed:
		ev.Failed = h.Reason
	}
}

// copyOf is a held event with memory of its own, at most so much of its payload.
func (e *Engine) copyOf(number uint64, data int) *Event {
	var ev Event
	e.read(number, e.window.Get(number), &ev)
	if body := packed.Offset(ev.Data, packed.String(ev.Body)); body >= 0 {
		ev.Body = ev.Body[:max(0, min(len(ev.Body), data-body))]
	}
	ev.Data = ev.Data[:min(len(ev.Data), data)]
	return ev.Clone()
}

// put puts an event into the window; back is how many events ago the entity's event before it was.
func (e *Engine) put(ev *Event, s *station, from *window.Source, at int, back uint64, o outcome) {
	h := &e.entry
	headers := h.Headers
	*h = window.Event{
		Message: bus.Message{
			Subject: ev.Subject, Headers: ev.Headers, Data: ev.Data, Position: ev.Position, UnixNano: ev.UnixNano, Size: ev.Size,
		},
		Station: s.index, Type: e.types.number(ev.Type), ID: ev.ID, Body: ev.Body, Correlation: ev.Correlation,
		Problem: ev.Problem, Back: back, Version: uint32(ev.Version), Status: o.status, Result: o.result, Cut: o.cut, Changes: e.undo,
	}
	if h.Type == 0 {
		h.TypeName = ev.Type
	}
	if ev.Kind != nil {
		h.Kind = ev.Kind.Index
	}
	if h.Reason = ev.Rejected; h.Result == window.Failed {
		h.Reason = ev.Failed
	}
	e.window.Add(from, at, h)
	h.Headers = headers
}
