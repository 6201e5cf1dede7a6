package entities

import "slices"

// The list of entities by when they were last touched.

// Touch notes an event of an entity: it is now the most recently touched.
func (t *Table) Touch(slot uint32, number uint64, unixNano int64) {
	t.changes(slot)
	r := t.At(slot)
	r.Last, r.Touched = number, unixNano
	if t.newest != slot+1 {
		t.pull(slot)
		t.push(slot)
	}
}

// Newest is the most recently touched entity + 1; 0 when there is none.
func (t *Table) Newest() uint32 { return t.newest }

// Older is the entity that was last touched just before another was, + 1; 0 when there is none.
func (t *Table) Older(slot uint32) uint32 { return t.At(slot).older }

// pull takes an entity out of the list.
func (t *Table) pull(slot uint32) {
	r := t.At(slot)
	if t.kept == slot+1 {
		t.kept = r.newer
	}
	if r.newer != 0 {
		t.At(r.newer - 1).older = r.older
	} else {
		t.newest = r.older
	}
	if r.older != 0 {
		t.At(r.older - 1).newer = r.newer
	} else {
		t.oldest = r.newer
	}
}

// push puts an entity at the newer end of the list.
func (t *Table) push(slot uint32) {
	r := t.At(slot)
	r.older, r.newer = t.newest, 0
	if t.newest != 0 {
		t.At(t.newest - 1).newer = slot + 1
	} else {
		t.oldest = slot + 1
	}
	t.newest = slot + 1
	if t.kept == 0 {
		t.kept = slot + 1
	}
}

// Recent are entities by when they were last touched, from a rank on.
func (t *Table) Recent(top, rows int) []uint32 {
	out := make([]uint32, 0, rows)
	if n := t.Count(); top > n/2 { // nearer from the other end
		end := min(top+rows, n)
		here := t.oldest
		for skip := n - end; skip > 0 && here != 0; skip-- {
			here = t.At(here - 1).newer
		}
		for ; len(out) < end-top && here != 0; here = t.At(here - 1).newer {
			out = append(out, here-1)
		}
		slices.Reverse(out)
		return out
	}
	here := t.newest
	for ; top > 0 && here != 0; top-- {
		here = t.At(here - 1).older
	}
	for ; len(out) < rows && here != 0; here = t.At(here - 1).older {
		out = append(out, here-1)
	}
	return out
}
