package sources

import (
	"strconv"
	"time"
)

// fillRow makes into the row of an entity. It shares the arena's text, and the trees of a state that is alive, until
// the table changes.
func (t *entities) fillRow(slot uint32, into *EntityRow, s *State) {
	r := t.at(slot)
	k := t.kind(r)
	*into = EntityRow{
		Entity: Entity{Kind: k.name, ID: t.id(r)}, Version: uint64(r.version), Rejected: uint64(r.rejected),
		Partial: r.flags&isPartial != 0, Evicted: r.flags&isGone != 0, Fields: into.Fields[:0],
		First: time.Unix(0, r.first), Touched: time.Unix(0, r.touched),
	}
	if r.status != 0 {
		into.Status = k.tally.statuses[r.status-1].Name
	}
	t.load(slot, s)
	for i, v := range s.values {
		if i > 0 && v.kind != Absent {
			into.Fields = append(into.Fields, Field{Name: k.names[i], Value: v})
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
	row.ID = clone(row.ID)
	for i := range row.Fields {
		f := &row.Fields[i]
		f.Value = f.Value.part(&entries)
	}
	return row
}

// part is v with memory of its own, without trees and lists that have more entries than are left, which are counted
// instead.
func (v Value) part(left *int) Value {
	if !v.nested() || *left < 0 {
		return v.own()
	}
	n := len(v.Tree()) + len(v.List())
	if *left -= n; *left < 0 {
		*left = 0
		return TextValue("(" + strconv.Itoa(n) + ")")
	}
	if v.kind == List {
		list := make([]Value, n)
		for i, x := range v.List() {
			list[i] = x.part(left)
		}
		return ListValue(list)
	}
	tree := make(map[string]Value, n)
	for name, x := range v.Tree() {
		tree[clone(name)] = x.part(left)
	}
	return TreeValue(tree)
}

// copyState is an entity's state with memory of its own.
func (t *entities) copyState(slot uint32) []Value {
	t.load(slot, &t.spare)
	values := make([]Value, len(t.spare.values))
	for i, v := range t.spare.values {
		values[i] = v.own()
	}
	t.unload(slot, &t.spare)
	return values
}

// get reads one field of an entity, sharing its text.
func (t *entities) get(slot uint32, field int) Value {
	r := t.at(slot)
	if r.flags&isAlive != 0 {
		return (&State{values: t.alive[slot].values}).Get(field)
	}
	d := decoder{bytes: t.arena.bytes(r.block, int(r.idLen)+int(r.stateLen))[r.idLen:]}
	for len(d.bytes) > 0 {
		slot := d.uint()
		if v := d.value(0); slot == uint64(field) {
			return v
		}
	}
	return Value{}
}
