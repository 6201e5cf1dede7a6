package sources

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
		e.names.lead(text, slot, e.entities.at(slot).born)
	}
	return slot, true
}

// whose finds the entity of an event, by its ID or by its other names, and completes Kind and ID; Kind is nil when it
// has none. It tells whether the entity is known.
func (e *Engine) whose(ev *Event) (uint32, bool) {
	if ev.Kind == nil {
		return 0, false
	}
	if ev.ID == "" {
		for _, text := range ev.Names {
			if n, ok := e.names.find(text); ok && e.isStill(n) {
				r := e.entities.at(n.slot)
				ev.Kind, ev.ID = e.entities.kind(r), e.entities.id(r)
				return n.slot, true
			}
		}
		ev.Kind, ev.ID = ev.AloneKind, ev.AloneID
		if ev.ID == "" {
			ev.Kind = nil
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
func (e *Engine) isStill(n *name) bool { return e.entities.at(n.slot).born == n.born }
