package store

import (
	"signalbox/sources/internal/event"
	"signalbox/sources/internal/packed"
	"signalbox/sources/internal/window"
)

// Read fills in ev with a held event, which shares the window's memory.
func (st *Store) Read(number uint64, held window.Held, ev *event.Event) {
	h := &st.again
	held.Read(&h.Message, &h.Facts)
	s := st.Places[h.Station]
	ev.Number, ev.UnixNano, ev.Position, ev.Size = number, h.UnixNano, h.Position, h.Size
	ev.Bus, ev.Station, ev.Source, ev.Traits = s.Bus, s.Name, s.Kind, s.Traits
	ev.Subject, ev.Headers, ev.Data = trimText(h.Subject, mostText), h.Headers, h.Data
	ev.Understood = event.Understood{ID: h.ID, Body: h.Body, Correlation: h.Correlation, Problem: h.Problem, Copy: h.Copy, Undecodable: h.Result == window.Undecodable}
	ev.Outcome = event.Outcome{Version: uint64(h.Version), Partial: h.Partial, Unjudged: h.Unjudged}
	if ev.Type = h.TypeName; h.Type != 0 {
		ev.Type = st.types.name(h.Type)
	}
	if h.Kind != 0 {
		ev.Kind = st.Entities.KindAt(h.Kind)
		ev.Status = st.Entities.StatusAt(h.Kind, h.Status)
	}
	switch h.Result {
	case window.Rejected:
		ev.Rejected = h.Reason
	case window.Failed:
		ev.Failed = h.Reason
	}
}

// CopyOf is a held event with memory of its own, at most so much of its payload.
func (st *Store) CopyOf(number uint64, data int) *event.Event {
	var ev event.Event
	st.Read(number, st.Window.Get(number), &ev)
	if body := packed.Offset(ev.Data, packed.String(ev.Body)); body >= 0 {
		ev.Body = ev.Body[:max(0, min(len(ev.Body), data-body))]
	}
	ev.Data = ev.Data[:min(len(ev.Data), data)]
	return ev.Clone()
}

// SlotOf is the entity of a held event; false when it has none, or that is held no more.
func (st *Store) SlotOf(held window.Held) (uint32, bool) {
	if held.Kind() == 0 {
		return 0, false
	}
	h := &st.again
	held.Read(&h.Message, &h.Facts)
	return st.Entities.Find(st.Entities.KindAt(h.Kind), h.ID)
}

// put puts an event into the window; back is how many events ago the entity's event before it was.
func (st *Store) put(ev *event.Event, s *Place, from *window.Source, at int, back uint64, o outcome) {
	st.putIn(st.Window, ev, s, from, at, back, o)
}

// putIn is put into another window than that of all events.
func (st *Store) putIn(w *window.Window, ev *event.Event, s *Place, from *window.Source, at int, back uint64, o outcome) {
	m, h := &st.message, &st.facts
	m.Subject, m.Headers, m.Data, m.Position, m.UnixNano, m.Size = ev.Subject, ev.Headers, ev.Data, ev.Position, ev.UnixNano, ev.Size
	h.ID, h.Body, h.Correlation, h.Problem = ev.ID, ev.Body, ev.Correlation, ev.Problem
	h.Station, h.Back, h.Version, h.Changes = s.Index, back, uint32(ev.Version), st.undo
	h.Status, h.Result, h.Cut, h.Partial, h.Unjudged = o.status, o.result, o.cut, ev.Partial, ev.Unjudged
	h.Copy = ev.Copy
	h.Type, h.TypeName, h.Kind, h.Reason = st.types.number(ev.Type), "", 0, ev.Rejected
	if h.Type == 0 {
		h.TypeName = ev.Type
	}
	if ev.Kind != nil {
		h.Kind = ev.Kind.Index
	}
	if h.Result == window.Failed {
		h.Reason = ev.Failed
	}
	w.Add(from, at, m, h)
}

// mostText bounds the texts of an event that are kept beside its payload.
const mostText = 4 << 10

// trim cuts what is too large to be held.
func (st *Store) trim(ev *event.Event) {
	if max(len(ev.Subject), len(ev.Type), len(ev.Correlation), len(ev.Problem), len(ev.Rejected), len(ev.Failed)) > mostText {
		for _, text := range [...]*string{&ev.Subject, &ev.Type, &ev.Correlation, &ev.Problem, &ev.Rejected, &ev.Failed} {
			*text = trimText(*text, mostText)
		}
	}
	if max(len(ev.Data), len(ev.Body)) > st.Head {
		st.trimPayload(ev)
	}
	room := st.Head
	for i, h := range ev.Headers {
		if room -= len(h.Name) + len(h.Value); room < 0 {
			ev.Headers = ev.Headers[:i]
			break
		}
	}
}

func (st *Store) trimPayload(ev *event.Event) {
	ev.Data, ev.Body = ev.Data[:min(len(ev.Data), st.Head)], ev.Body[:min(len(ev.Body), st.Head)]
	if at := packed.Offset(ev.Data, packed.String(ev.Body)); at >= 0 && at+len(ev.Body) > len(ev.Data) {
		ev.Body = ev.Body[:len(ev.Data)-at]
	}
}

func trimText(s string, most int) string { return s[:min(len(s), most)] }
