package sources

import (
	"time"

	"signalbox/sources/internal/packed"
	"signalbox/sources/state"
)

// fillRow makes into the row of an entity. It shares the arena's text, and the trees of a state that is alive, until
// the table changes.
func (t *entities) fillRow(slot uint32, into *EntityRow, s *state.State) {
	r := t.At(slot)
	k := t.kinds[r.kind-1]
	*into = EntityRow{
		Entity: Entity{Kind: k.kind.Name(), ID: t.id(r)}, Version: uint64(r.version), Rejected: uint64(r.rejected),
		Partial: r.flags&isPartial != 0, Evicted: r.flags&isGone != 0, Fields: into.Fields[:0],
		First: time.Unix(0, r.first), Touched: time.Unix(0, r.touched),
	}
	if r.status != 0 {
		into.Status = k.statuses[r.status-1].Name
	}
	t.load(slot, s)
	for i, v := range s.Values() {
		if i > 0 && v.Kind() != state.Absent {
			into.Fields = append(into.Fields, state.Field{Name: k.kind.Field(i), Value: v})
		}
	}
	t.unload(slot, s)
}

// glimpse is how many entries of trees and lists the rows of the entities pane have.
const glimpse = 32

// copyRow is an entity's row with memory of its own, and so many entries of its trees and lists; -1 for all.
func (t *entities) copyRow(slot uint32, entries int) EntityRow {
	var row EntityRow
	t.fillRow(slot, &row, &t.spare)
	row.ID = packed.Clone(row.ID)
	for i := range row.Fields {
		f := &row.Fields[i]
		f.Value = f.Value.Part(&entries)
	}
	return row
}

// copyState is an entity's state with memory of its own.
func (t *entities) copyState(slot uint32) []state.Value {
	t.load(slot, &t.spare)
	values := make([]state.Value, t.spare.Len())
	for i, v := range t.spare.Values() {
		values[i] = v.Own()
	}
	t.unload(slot, &t.spare)
	return values
}

// get reads one field of an entity, sharing its text.
func (t *entities) get(slot uint32, field int) state.Value {
	r := t.At(slot)
	if r.flags&isAlive == 0 {
		return state.ReadField(t.stateBytes(r), field)
	}
	if values := t.alive[slot].values; field < len(values) {
		return values[field]
	}
	return state.Value{}
}

// stateBytes is a state that is not alive, encoded.
func (t *entities) stateBytes(r *entity) []byte {
	return t.arena.Bytes(r.block, int(r.idLen)+int(r.stateLen))[r.idLen:]
}
