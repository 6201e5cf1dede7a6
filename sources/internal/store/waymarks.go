package store

import (
	"slices"

	"signalbox/sources/state"
)

// waymarks are states on the way back through the events of the entity that was gone back through last: who goes to another place
// in it begins at the nearest.
type waymarks struct {
	slot   uint32
	born   uint64
	serial uint64 // of what is held: see Store.amended
	marks  []waymark
	bytes  int64
	apart  int // events between two
}

// waymark is the state after an event.
type waymark struct {
	chain    Chain // stands on the event
	number   uint64
	version  uint64
	rejected uint64 // events refused up to it
	values   []state.Value
	bytes    int64
}

// Bounds of waymarks.
const (
	marksApart    = 1024
	mostMarks     = 512
	mostMarkBytes = 4 << 20
)

// of are the waymarks of an entity; those of another are let go.
func (x *waymarks) of(st *Store, slot uint32) *waymarks {
	if born := st.Entities.At(slot).Born; x.slot != slot || x.born != born || x.serial != st.amended {
		*x = waymarks{slot: slot, born: born, serial: st.amended, apart: marksApart}
	}
	return x
}

// about tells whether there are any of an entity.
func (x *waymarks) about(st *Store, slot uint32) bool {
	return len(x.marks) > 0 && x.slot == slot && x.born == st.Entities.At(slot).Born && x.serial == st.amended
}

// near is the last waymark on the way back whose event is to be undone; nil for none.
func (x *waymarks) near(st *Store, undone func(number, version uint64) bool) *waymark {
	i := len(x.marks)
	for i > 0 {
		m := &x.marks[i-1]
		if _, held := st.Held(m.number); held && undone(m.number, m.version) {
			return m
		}
		i--
	}
	return nil
}

// add adds one that lies further back than the others.
func (x *waymarks) add(st *Store, m waymark) {
	if n := len(x.marks); n > 0 && !st.later(x.marks[n-1].number, m.number) {
		return
	}
	m.values = own(m.values)
	for _, v := range m.values {
		m.bytes += state.EntrySize + v.Size()
	}
	x.marks, x.bytes = append(x.marks, m), x.bytes+m.bytes
	for len(x.marks) > mostMarks || x.bytes > mostMarkBytes && len(x.marks) > 1 {
		x.thin()
	}
}

// thin lets every other one go.
func (x *waymarks) thin() {
	kept := x.marks[:0]
	x.bytes, x.apart = 0, 2*x.apart
	for i := 1; i < len(x.marks); i += 2 {
		kept, x.bytes = append(kept, x.marks[i]), x.bytes+x.marks[i].bytes
	}
	clear(x.marks[len(kept):])
	x.marks = kept
}

// own are values with memory of their own.
func own(values []state.Value) []state.Value {
	out := slices.Clone(values)
	for i := range out {
		out[i] = out[i].Own()
	}
	return out
}

// Marks are how many states on the way are remembered, and what they take.
func (st *Store) Marks() (n int, bytes int64) { return len(st.way.marks), st.way.bytes }
