package standin

import (
	"encoding/json"
	"strings"

	"signalbox/scenarios/expression"
	"signalbox/sources"
	"signalbox/sources/state"
)

// maxFolded bounds the entities whose state a stand-in has at hand. The one that came first goes first; where the
// stand-in keeps a copy on the bus, it is read back from there.
const maxFolded = 4096

// folder folds the events that one stand-in is handed, on states of its own, as the application it plays does.
type folder struct {
	states map[sources.Entity]*folded
	names  map[string]sources.Entity // what else leads to an entity
	order  []sources.Entity          // as they came, a ring once it is full
	next   int
	load   func(*sources.Event) []byte // the copy kept of a state, or nil; may be nil itself
}

// folded is one entity's state.
type folded struct {
	state state.State
	names []string
}

func newFolder(load func(*sources.Event) []byte) *folder {
	return &folder{states: map[sources.Entity]*folded{}, names: map[string]sources.Entity{}, load: load}
}

// apply folds an event, says in it what that led to and returns the state afterwards; nil when it has none.
func (f *folder) apply(e *sources.Event) *state.State {
	e.Identify(f.find)
	if e.Kind == nil || e.ID == "" {
		return nil
	}
	at := f.entity(e)
	if e.Outcome = sources.Apply(e, &at.state); e.Fold != nil {
		at.state.Commit()
	}
	e.Changes = nil
	return &at.state
}

// find is the entity that a name leads to.
func (f *folder) find(name string) (kind *state.Kind, id string, known bool) {
	entity, known := f.names[name]
	if !known {
		return nil, "", false
	}
	return f.states[entity].state.Kind, entity.ID, true
}

// entity finds or begins the state of an event's entity, and remembers what else it is called.
func (f *folder) entity(e *sources.Event) *folded {
	entity := e.Entity()
	at, known := f.states[entity]
	if !known {
		entity.ID = strings.Clone(entity.ID)
		at = &folded{}
		at.state.Reset(e.Kind)
		f.restore(e, &at.state)
		f.admit(entity, at)
	}
	for _, name := range e.Names {
		if f.names[name] != entity {
			name = strings.Clone(name)
			f.names[name] = entity
			at.names = append(at.names, name)
		}
	}
	return at
}

// restore reads a state back from the copy that is kept of it.
func (f *folder) restore(e *sources.Event, state *state.State) {
	if f.load == nil {
		return
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(f.load(e), &fields) != nil {
		return
	}
	for name, raw := range fields {
		state.Set(e.Kind.Slot(name), expression.FromJSON(string(raw)))
	}
	state.Commit()
}

// admit takes in an entity, and lets the oldest go when there are too many.
func (f *folder) admit(entity sources.Entity, at *folded) {
	f.states[entity] = at
	if len(f.order) < maxFolded {
		f.order = append(f.order, entity)
		return
	}
	f.forget(f.order[f.next])
	f.order[f.next] = entity
	f.next = (f.next + 1) % maxFolded
}

// forget lets an entity's state go.
func (f *folder) forget(entity sources.Entity) {
	if at, known := f.states[entity]; known {
		for _, name := range at.names {
			if f.names[name] == entity { // and not, since then, another's
				delete(f.names, name)
			}
		}
		delete(f.states, entity)
	}
}
