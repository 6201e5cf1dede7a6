package sources

import (
	"fmt"

	"signalbox/bus"
)

// take takes in one message: it is understood, folded and kept.
func (e *Engine) take(s *station, m *bus.Message) {
	ev := &e.event
	ev.Understood, ev.Outcome = Understood{}, Outcome{} // all of Received is set below
	ev.Number, ev.UnixNano, ev.Position, ev.Size = e.window.next, m.UnixNano, m.Position, max(m.Size, len(m.Data))
	ev.Bus, ev.Station, ev.Source, ev.Traits = s.bus.name, s.row.Name, s.row.Kind, s.traits
	ev.Subject, ev.Headers, ev.Data = m.Subject, m.Headers, m.Data
	s.ledger.Received++
	s.rates.Count++
	s.seen++
	s.last = m.UnixNano
	s.subjects.Count(m.Subject, m.UnixNano)
	e.understand(ev)
	if ev.Type != "" || ev.Kind != nil {
		s.ledger.Decoded++
	} else {
		s.ledger.Undecodable++
	}
	slot, known := e.resolve(ev, s.midway)
	var flags uint16
	if known {
		flags = e.fold(ev, slot, s)
	}
	e.keep(ev, s, slot, known, flags)
	if e.options.Tap != nil {
		e.options.Tap(ev)
	}
	e.tell(ev)
}

// understand asks the domains. A payload that makes them panic is a problem of that event alone.
func (e *Engine) understand(ev *Event) {
	defer func() {
		if p := recover(); p != nil {
			ev.Kind, ev.Fold, ev.Names = nil, nil, nil
			ev.Problem = fmt.Sprintf("understanding it panicked: %v", p)
		}
	}()
	if e.options.Domains != nil {
		e.options.Domains.Understand(ev)
	}
}

// fold applies an event to its entity, encodes what it changed and returns the flags of the entry. The entity's new
// state is stored by keep, once the event, which may share its bytes, is in the window.
func (e *Engine) fold(ev *Event, slot uint32, s *station) uint16 {
	t := e.entities
	r := t.at(slot)
	ev.Version = uint64(r.version)
	e.undo = e.undo[:0]
	if ev.Fold == nil {
		return 0
	}
	flags := uint16(0)
	if r.flags&isGone != 0 {
		flags = isCut
	}
	state := &e.state
	t.load(slot, state)
	refused, err := apply(ev, state)
	switch {
	case err != nil:
		ev.Failed = err.Error()
		s.ledger.Failed++
	case refused != "":
		ev.Rejected = refused
		s.ledger.Rejected++
		r.rejected++
		state.Kind.tally.rejected++
	default:
		s.ledger.Folded++
		r.version++
		ev.Version++
		e.undo = appendChanges(e.undo, state.journal)
		if len(e.undo) > e.head {
			e.undo = e.undo[:0]
			flags |= isCut
		}
		e.warnOfOverflow(state)
		return flags | isFolded
	}
	state.Undo()
	t.unload(slot, state)
	return flags &^ isCut
}

// apply runs the fold. One that panics has failed, and its entity stays as it was.
func apply(ev *Event, state *State) (refused string, err error) {
	defer func() {
		if p := recover(); p != nil {
			refused, err = "", fmt.Errorf("the fold panicked: %v", p)
		}
	}()
	return ev.Fold.Apply(ev, state)
}

// warnOfOverflow says once a kind that it has more fields than are kept.
func (e *Engine) warnOfOverflow(s *State) {
	if t := s.Kind.tally; s.full && !t.notified {
		t.notified = true
		e.notice(bus.Warn, "", "", fmt.Sprintf("entities of kind %s have more than %d fields; the others are left out",
			s.Kind.name, MaxFields))
	}
}

// keep puts an event into the window and its entity's state into the table.
func (e *Engine) keep(ev *Event, s *station, slot uint32, known bool, flags uint16) {
	t := e.entities
	back := uint64(0)
	if known {
		if last := t.at(slot).last; e.window.has(last) && ev.Number-last < 1<<32 {
			back = ev.Number - last
		}
		t.touch(slot, ev.Number, ev.UnixNano)
	} else {
		e.undo = e.undo[:0]
	}
	data, body := ev.Data, ev.Body
	e.trim(ev)
	typ := e.types.number(ev.Type)
	var more uint16
	e.entry, more = appendEntry(e.entry[:0], ev, typ != 0, e.undo)
	r, lent := e.window.add(s.index, e.entry, ev.Data)
	*r = record{
		unixNano: ev.UnixNano, back: uint32(back), version: uint32(ev.Version), head: uint32(len(e.entry)),
		data: uint32(len(ev.Data)), typ: typ, station: s.index, flags: flags | more | lent,
	}
	if ev.Kind != nil && ev.Kind.tally != nil {
		r.kind = ev.Kind.tally.index
	}
	s.ledger.Held++
	if len(ev.Data) < len(data) || len(ev.Body) < len(body) {
		ev.Data, ev.Body = data, body
	}
	if flags&isFolded != 0 {
		t.store(slot, &e.state)
		if offset(data, ev.ID) < 0 {
			ev.ID = t.id(t.at(slot)) // the one it had may have lain where the entity was
		}
	}
}
