// Package state is what is known of an entity: its kind, its state with the values in it, and the changes that events made
// to it; all of them as bytes, too.
//
// A Kind and its States are for one goroutine. Nothing here blocks. Values and states may share memory with the event or
// the bytes that they come from, until Own or Commit copies them.
package state

import (
	"slices"

	"signalbox/sources/internal/packed"
)

// State is the state of one entity while a fold works on it. A fold reads with Get and writes with Set, SetIn and Append;
// every write is noted as a Change, so that a refusal undoes it and the history knows what was before. A fold must not
// keep it.
type State struct {
	Kind    *Kind
	Version uint64 // events accepted before this one
	Partial bool   // earlier events were never seen
	Missed  bool   // events between those that were seen may be missing: what is in it may be out of date
	Most    int64  // bytes that the state may take; 0 is any number
	Taken   int64  // bytes that it takes, about, without what was written since Begin
	values  []Value
	journal []Change
	full    bool

	statusGiven bool // the status was written, be it to what it was

	// Unjudged is set by a fold that could not tell whether it refuses the event: that depends on what is not known.
	Unjudged bool
}

// Change is one write to a state: what the field, or the part of it that Path leads to, was and is.
type Change struct {
	Slot int
	Path []string // below the field, for trees and lists; nil for the field itself
	Was  Value
	Is   Value
}

// Growth estimates by how many bytes of memory the change makes a state larger.
func (c *Change) Growth() int64 {
	n := c.Is.Size() - c.Was.Size()
	if len(c.Path) == 0 {
		return n
	}
	switch last := int64(len(c.Path[len(c.Path)-1])) + EntrySize; {
	case c.Was.kind == Absent && c.Is.kind != Absent:
		n += last
	case c.Was.kind != Absent && c.Is.kind == Absent:
		n -= last
	}
	return n
}

// Growth is by how much all that was written since Begin makes the state larger, and the field that grew most.
func (s *State) Growth() (bytes int64, field int) {
	var most int64
	for i := range s.journal {
		c := &s.journal[i]
		if len(c.Path) == 0 && c.Is.at == nil && c.Was.at == nil {
			continue // a number or a truth in the place of another: most changes are
		}
		n := c.Growth()
		if bytes += n; n > most {
			most, field = n, c.Slot
		}
	}
	return bytes, field
}

// Measure sets Taken by a walk through the state.
func (s *State) Measure() {
	s.Taken = 0
	for _, v := range s.values {
		s.Taken += EntrySize + v.Size()
	}
}

// Get reads a slot.
func (s *State) Get(slot int) Value {
	if slot < 0 || slot >= len(s.values) {
		return Value{}
	}
	return s.values[slot]
}

// Len is one more than the highest slot that may be set.
func (s *State) Len() int { return len(s.values) }

// Begin makes what was written so far part of the state, which can no longer be undone: Changes, StatusGiven and Unjudged
// are of what comes next.
func (s *State) Begin() { s.journal, s.statusGiven, s.Unjudged = s.journal[:0], false, false }

// Values are the fields by their slots, shared with s.
func (s *State) Values() []Value { return s.values }

// SetValues makes values the fields of s, which shares them.
func (s *State) SetValues(values []Value) { s.values = values }

// Set writes a slot. Setting an absent Value removes the field.
func (s *State) Set(slot int, v Value) {
	if slot < 0 {
		s.full = true
		return
	}
	for len(s.values) <= slot {
		s.values = append(s.values, Value{})
	}
	field := &s.values[slot]
	s.statusGiven = s.statusGiven || slot == 0
	if field.Equal(v) {
		return
	}
	if len(s.journal) == cap(s.journal) {
		s.journal = slices.Grow(s.journal, 1)
	}
	s.journal = s.journal[:len(s.journal)+1]
	c := &s.journal[len(s.journal)-1] // written where it stays: folds do little else
	c.Slot, c.Path, c.Was, c.Is = slot, nil, *field, v
	*field = v
}

// SetIn writes below a field: SetIn(ballots, ["b-19", "cast"], true). Missing objects on the way are made; a value that
// has no such entry is replaced by an object. It costs the depth of the path, not the size of the field.
func (s *State) SetIn(slot int, path []string, v Value) {
	if len(path) == 0 {
		s.Set(slot, v)
		return
	}
	if !s.Get(slot).takes(path[0]) {
		s.Set(slot, TreeValue(map[string]Value{}))
	}
	if slot < 0 {
		return
	}
	path = ownPath(path)
	parent := s.values[slot]
	for i, name := range path[:len(path)-1] {
		next := parent.entry(name)
		if !next.takes(path[i+1]) {
			made := TreeValue(map[string]Value{})
			s.journal = append(s.journal, Change{Slot: slot, Path: path[: i+1 : i+1], Was: next, Is: made})
			parent.setEntry(name, made)
			next = made
		}
		parent = next
	}
	last := path[len(path)-1]
	was := parent.entry(last)
	if was.Equal(v) {
		return
	}
	is := parent.setEntry(last, v.Own())
	s.journal = append(s.journal, Change{Slot: slot, Path: path, Was: was, Is: is})
}

// ownPath copies a path, whose names stay in the tree while the event they come from goes.
func ownPath(path []string) []string {
	own := make([]string, len(path))
	for i, name := range path {
		own[i] = packed.Clone(name)
	}
	return own
}

// Changes is what was written since Begin, in order.
func (s *State) Changes() []Change { return s.journal }

// StatusGiven tells whether the status was written since Begin, be it to what it was.
func (s *State) StatusGiven() bool { return s.statusGiven }

// Overflow tells whether a field had no slot.
func (s *State) Overflow() bool { return s.full }

// Map is the state as expressions see it. It walks all of it: not for the hot path.
func (s *State) Map() map[string]any {
	out := make(map[string]any, len(s.values))
	for slot, v := range s.values {
		if v.kind != Absent {
			out[s.Kind.names[slot]] = v.Any()
		}
	}
	return out
}

// Undo takes back every journalled write, newest first, and empties the journal.
func (s *State) Undo() {
	for i := len(s.journal) - 1; i >= 0; i-- {
		s.put(s.journal[i].Slot, s.journal[i].Path, s.journal[i].Was)
	}
	s.journal = s.journal[:0]
}

// Commit keeps what was written and empties the journal. It is for those who keep a State of their own: afterwards the
// state shares no memory with the events that changed it.
func (s *State) Commit() {
	for _, c := range s.journal {
		if len(c.Path) == 0 {
			s.values[c.Slot] = s.values[c.Slot].Own()
		}
	}
	s.journal = s.journal[:0]
}

// Undo takes changes, which may share the memory of an event, back from the fields of a state, and returns the fields.
func Undo(values []Value, changes []Change) []Value {
	for i := range changes {
		changes[i].Was = changes[i].Was.Own()
		if path := changes[i].Path; len(path) > 0 { // of it no more than the last name stays in the state
			path[len(path)-1] = packed.Clone(path[len(path)-1])
		}
	}
	s := State{values: values, journal: changes}
	s.Undo()
	return s.values
}

// put writes without journalling.
func (s *State) put(slot int, path []string, v Value) {
	if len(path) == 0 {
		for len(s.values) <= slot {
			s.values = append(s.values, Value{})
		}
		s.values[slot] = v
		return
	}
	parent := s.values[slot]
	for _, name := range path[:len(path)-1] {
		parent = parent.entry(name)
	}
	parent.setEntry(path[len(path)-1], v)
}

// Reset makes s an empty state of a kind, for another use.
func (s *State) Reset(kind *Kind) {
	s.Kind, s.values, s.journal = kind, s.values[:0], s.journal[:0]
	s.Version, s.Partial, s.Missed, s.full, s.statusGiven, s.Unjudged, s.Taken = 0, false, false, false, false, false, 0
}
