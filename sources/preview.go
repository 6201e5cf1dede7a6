package sources

import (
	"signalbox/bus"
	"signalbox/sources/internal/packed"
	"signalbox/sources/state"
)

// preview folds ev, which it may change, without keeping anything of it.
func (e *Engine) preview(given *Event) Preview {
	ev := &Event{Received: Received{
		Number: e.window.Next(), UnixNano: given.UnixNano, Bus: given.Bus, Station: given.Station,
		Source: given.Source, Traits: given.Traits, Subject: given.Subject, Position: given.Position, Headers: given.Headers,
		Data: given.Data, Size: len(given.Data),
	}}
	if ev.Traits == nil {
		ev.Traits = e.traitsOf(given.Bus, given.Station)
	}
	if ev.UnixNano == 0 {
		ev.UnixNano = e.now().UnixNano()
	}
	e.understand(ev)
	if ev.Problem != "" && ev.Kind == nil {
		return Preview{Failed: ev.Problem}
	}
	slot, known := e.whose(ev)
	if ev.Kind == nil {
		return Preview{}
	}
	s := &state.State{Kind: ev.Kind}
	if known {
		r := e.entities.At(slot)
		s.Version, s.Partial = uint64(r.Version), r.Partial()
		s.SetValues(e.entities.CopyState(slot))
	}
	out := Apply(ev, s)
	return Preview{
		Entity: Entity{Kind: ev.Kind.Name(), ID: packed.Clone(ev.ID)}, Rejected: packed.Clone(out.Rejected), Failed: out.Failed,
		Changes: s.Kind.Describe(out.Changes),
	}
}

// traitsOf are those of a station of a bus; nil when it is not known.
func (e *Engine) traitsOf(busName, station string) *bus.Traits {
	for _, a := range e.buses {
		if s := a.stations[station]; s != nil && a.name == busName {
			return s.traits
		}
	}
	return nil
}
