package sources

import "signalbox/sources/state"

// resolve finds the entity of an event, and makes it when it is new.
func (e *Engine) resolve(ev *Event, partial bool) (uint32, bool) {
	slot, known := e.whose(ev)
	if ev.Kind == nil {
		return 0, false
	}
	if !known {
		slot = e.entities.add(ev.Kind, ev.ID, ev.Number, ev.UnixNano, partial)
	}
	for _, text := range ev.Names {
		e.names.lead(text, slot, e.entities.At(slot).born)
	}
	return slot, true
}

// whose finds the entity of an event and completes Kind and ID; Kind is nil when it has none. It tells whether the entity
// is known.
func (e *Engine) whose(ev *Event) (slot uint32, known bool) {
	if ev.Kind == nil {
		return 0, false
	}
	if ev.ID == "" {
		ev.Identify(func(text string) (*state.Kind, string, bool) {
			n, ok := e.names.find(text)
			if known = ok && e.isStill(n); !known {
				return nil, "", false
			}
			slot = n.slot
			r := e.entities.At(slot)
			return e.entities.kind(r), e.entities.id(r), true
		})
		if known {
			return slot, true
		}
	}
	if ev.Kind == nil || !e.entities.meet(ev.Kind) {
		ev.Kind, ev.ID = nil, ""
		return 0, false
	}
	ev.ID = trimText(ev.ID, mostID)
	return e.entities.find(ev.Kind, ev.ID)
}

// isStill tells whether the entity that a name leads to is the one it was given to.
func (e *Engine) isStill(n *name) bool { return e.entities.At(n.slot).born == n.born }
