package sources

import (
	"time"

	"signalbox/bus"
	"signalbox/sources/internal/packed"
	"signalbox/sources/state"
)

// preview folds ev, which it may change, without keeping anything of it.
func (st *store) preview(given *Event, now time.Time) Preview {
	ev := &Event{Received: Received{
		Number: st.window.Next(), UnixNano: given.UnixNano, Bus: given.Bus, Station: given.Station,
		Source: given.Source, Traits: given.Traits, Subject: given.Subject, Position: given.Position, Headers: given.Headers,
		Data: given.Data, Size: len(given.Data),
	}}
	if ev.Traits == nil {
		ev.Traits = st.traitsOf(given.Bus, given.Station)
	}
	if ev.UnixNano == 0 {
		ev.UnixNano = now.UnixNano()
	}
	st.understand(ev)
	if ev.Problem != "" && ev.Kind == nil {
		return Preview{Failed: ev.Problem}
	}
	slot, known := st.whose(ev)
	if ev.Kind == nil {
		return Preview{}
	}
	s := &state.State{Kind: ev.Kind}
	if known {
		r := st.entities.At(slot)
		s.Version, s.Partial = uint64(r.Version), r.Partial()
		s.SetValues(st.entities.CopyState(slot))
	}
	out := Apply(ev, s)
	return Preview{
		Entity: Entity{Kind: ev.Kind.Name(), ID: packed.Clone(ev.ID)}, Rejected: packed.Clone(out.Rejected), Failed: out.Failed,
		Changes: s.Kind.Describe(out.Changes),
	}
}

// traitsOf are those of a station of a bus; nil when it is not known.
func (st *store) traitsOf(busName, station string) *bus.Traits {
	for _, s := range st.stations {
		if s.row.Name == station && s.bus.name == busName {
			return s.traits
		}
	}
	return nil
}
