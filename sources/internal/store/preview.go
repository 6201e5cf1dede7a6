package store

import (
	"time"

	"signalbox/sources/internal/entities"
	"signalbox/sources/internal/event"
	"signalbox/sources/internal/packed"
	"signalbox/sources/state"
)

// Preview is what an event would do to its entity.
type Preview struct {
	Entity   state.Entity
	Rejected string
	Failed   string
	Changes  []state.FieldChange
	Unjudged bool     // whether it is refused depends on what was not seen of the entity
	Unlike   []string // how it differs from the events of its type that are held, in words
}

// Preview folds ev, which it may change, without keeping anything of it.
func (st *Store) Preview(given *event.Event, now time.Time) Preview {
	ev := &event.Event{Received: event.Received{
		Number: st.Window.Next(), UnixNano: given.UnixNano, Bus: given.Bus, Station: given.Station,
		Source: given.Source, Traits: given.Traits, Subject: given.Subject, Position: given.Position, Headers: given.Headers,
		Data: given.Data, Size: len(given.Data),
	}}
	if p := st.place(given.Bus, given.Station); ev.Traits == nil && p != nil {
		ev.Traits = p.Traits
	}
	if ev.UnixNano == 0 {
		ev.UnixNano = now.UnixNano()
	}
	st.understand(ev)
	unlike := st.unlike(ev)
	if ev.Problem != "" && ev.Kind == nil {
		return Preview{Failed: ev.Problem, Unlike: unlike}
	}
	slot, known := st.whose(ev)
	if ev.Kind == nil {
		return Preview{Unlike: unlike}
	}
	s := &state.State{Kind: ev.Kind, Most: st.State}
	if s.Partial = began(ev.Kind, ev.ID, st.place(given.Bus, given.Station)); known {
		r := st.Entities.At(slot)
		s.Version, s.Partial, s.Missed = uint64(r.Version), r.Partial(), r.Lack() == entities.Missed
		s.SetValues(st.Entities.CopyState(slot))
		s.Measure()
	}
	out := event.Apply(ev, s)
	return Preview{
		Entity: state.Entity{Kind: ev.Kind.Name(), ID: packed.Clone(ev.ID)}, Rejected: packed.Clone(out.Rejected), Failed: out.Failed,
		Changes: s.Kind.Describe(out.Changes), Unjudged: out.Unjudged, Unlike: unlike,
	}
}

// place is a station of a bus; nil when it is not known.
func (st *Store) place(busName, station string) *Place {
	for _, s := range st.Places {
		if s.Name == station && s.Bus == busName {
			return s
		}
	}
	return nil
}
