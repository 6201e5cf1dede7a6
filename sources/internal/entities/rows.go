package entities

import (
	"time"

	"signalbox/sources/internal/packed"
	"signalbox/sources/state"
)

// FillRow makes into the row of an entity. It shares the arena's text, and the trees of a state that is held as values, until
// the table changes.
func (t *Table) FillRow(slot uint32, into *Row, s *state.State) {
	r := t.At(slot)
	k := t.kinds[r.kind-1]
	*into = Row{
		Entity: state.Entity{Kind: k.kind.Name(), ID: t.ID(r)}, Version: uint64(r.Version), Rejected: uint64(r.rejected),
		Partial: r.flags&isPartial != 0, Lack: r.Lack(), Evicted: r.flags&isGone != 0, Fields: into.Fields[:0],
		First: time.Unix(0, r.first), Touched: time.Unix(0, r.Touched),
	}
	if r.status != 0 {
		into.Status = k.Statuses[r.status-1].Name
	}
	t.Load(slot, s)
	for i, v := range s.Values() {
		if i > 0 && v.Kind() != state.Absent {
			into.Fields = append(into.Fields, state.Field{Name: k.kind.Field(i), Value: v})
		}
	}
	t.Unload(slot, s)
}

// Glimpse is how many entries of trees and lists the rows of the entities pane have.
const Glimpse = 32

// CopyRow is an entity's row with memory of its own, and so many entries of its trees and lists; -1 for all.
func (t *Table) CopyRow(slot uint32, entries int) Row {
	var row Row
	t.FillRow(slot, &row, &t.spare)
	row.ID = packed.Clone(row.ID)
	for i := range row.Fields {
		f := &row.Fields[i]
		f.Value = f.Value.Part(&entries)
	}
	return row
}

// CopyState is an entity's state with memory of its own.
func (t *Table) CopyState(slot uint32) []state.Value {
	t.Load(slot, &t.spare)
	values := make([]state.Value, t.spare.Len())
	for i, v := range t.spare.Values() {
		values[i] = v.Own()
	}
	t.Unload(slot, &t.spare)
	return values
}

// Get reads one field of an entity, sharing its text.
func (t *Table) Get(slot uint32, field int) state.Value {
	r := t.At(slot)
	if r.flags&isExpanded == 0 {
		return state.ReadField(t.stateBytes(r), field)
	}
	if values := t.expanded[slot].values; field < len(values) {
		return values[field]
	}
	return state.Value{}
}

// stateBytes is a state that is held as bytes.
func (t *Table) stateBytes(r *Record) []byte {
	return t.arena.Bytes(r.block, int(r.idLen)+int(r.stateLen))[r.idLen:]
}
