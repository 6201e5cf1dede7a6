package standin

import (
	"encoding/json"
	"slices"
	"strings"

	"signalbox/scenarios/expression"
	"signalbox/sources"
	"signalbox/sources/state"
)

// Bounds of the states that a stand-in has at hand: how many, and how many bytes they and one of them may take. The one that
// came first goes first; where the stand-in keeps a copy on the bus, it is read back from there.
const (
	maxFolded = 4096
	maxBytes  = 8 << 20
	maxState  = 1 << 20
)

// folder folds the events that one stand-in is handed, on states of its own, as the application it plays does.
type folder struct {
	states map[sources.Entity]*folded
	names  map[string]sources.Entity   // what else leads to an entity
	order  []sources.Entity            // as they came
	bytes  int64                       // of all states
	load   func(*sources.Event) []byte // the copy kept of a state, or nil; may be nil itself
	full   bool                        // a state was let go of which no copy is kept

	open    *state.State // what an event was folded into that is not settled, and how it was before
	version uint64
	taken   int64
}

// folded is one entity's state.
type folded struct {
	state state.State
	names []string
}

func newFolder(load func(*sources.Event) []byte) *folder {
	return &folder{states: map[sources.Entity]*folded{}, names: map[string]sources.Entity{}, load: load}
}

// apply folds an event, says in it what that led to and returns the state afterwards; nil when it has none. Then settle says whether
// that counts.
func (f *folder) apply(e *sources.Event) *state.State {
	f.open = nil
	e.Identify(f.find)
	if e.Kind == nil || e.ID == "" {
		return nil
	}
	at := f.entity(e)
	f.open, f.version, f.taken = &at.state, at.state.Version, at.state.Taken
	e.Outcome = sources.Apply(e, &at.state)
	e.Changes = nil
	return &at.state
}

// settle keeps what the last event did to its entity, or takes it back: a message that was not done comes again.
func (f *folder) settle(done bool) {
	s := f.open
	if f.open = nil; s == nil {
		return
	}
	if done {
		s.Commit()
	} else {
		s.Undo()
		s.Version, s.Taken = f.version, f.taken
	}
	f.bytes += s.Taken - f.taken
	f.makeRoom()
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
		at.state.Most = maxState
		f.restore(e, &at.state)
		at.state.Measure()
		f.admit(entity, at)
	}
	for _, name := range e.Names {
		if f.names[name] != entity {
			name = strings.Clone(name)
			f.names[name] = entity
			if !slices.Contains(at.names, name) {
				at.names = append(at.names, name)
			}
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

// admit takes in an entity.
func (f *folder) admit(entity sources.Entity, at *folded) {
	f.states[entity] = at
	f.order = append(f.order, entity)
	f.bytes += at.state.Taken
	f.makeRoom()
}

// makeRoom lets the oldest go, but for the newest, while there are too many or they take too much.
func (f *folder) makeRoom() {
	for len(f.order) > maxFolded || f.bytes > maxBytes && len(f.order) > 1 {
		f.full = f.full || f.load == nil
		f.forget(f.order[0])
		f.order = f.order[1:]
	}
}

// forget lets an entity's state go.
func (f *folder) forget(entity sources.Entity) {
	if at, known := f.states[entity]; known {
		for _, name := range at.names {
			if f.names[name] == entity { // and not, since then, another's
				delete(f.names, name)
			}
		}
		f.bytes -= at.state.Taken
		delete(f.states, entity)
	}
}
