package sources

import (
	"signalbox/sources/internal/entities"
	"signalbox/sources/state"
)

// resolve finds the entity of an event, and makes it when it is new.
func (st *store) resolve(ev *Event, partial bool) (uint32, bool) {
	slot, known := st.whose(ev)
	if ev.Kind == nil {
		return 0, false
	}
	if !known {
		slot = st.entities.Add(ev.Kind, ev.ID, ev.Number, ev.UnixNano, partial)
	}
	for _, text := range ev.Names {
		st.entities.Lead(text, slot)
	}
	return slot, true
}

// whose finds the entity of an event and completes Kind and ID; Kind is nil when it has none. It tells whether the entity
// is known.
func (st *store) whose(ev *Event) (slot uint32, known bool) {
	if ev.Kind == nil {
		return 0, false
	}
	if ev.ID == "" {
		ev.Identify(func(text string) (*state.Kind, string, bool) {
			if slot, known = st.entities.LedTo(text); !known {
				return nil, "", false
			}
			r := st.entities.At(slot)
			return st.entities.Kind(r), st.entities.ID(r), true
		})
		if known {
			return slot, true
		}
	}
	if ev.Kind == nil || !st.entities.Meet(ev.Kind) {
		ev.Kind, ev.ID = nil, ""
		return 0, false
	}
	ev.ID = trimText(ev.ID, entities.MostID)
	return st.entities.Find(ev.Kind, ev.ID)
}
