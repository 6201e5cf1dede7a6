package entities

import (
	"encoding/binary"

	"signalbox/sources/internal/packed"
	"signalbox/sources/state"
)

// Entities as bytes, so that a table can be made again as it was after an event: what was touched since an earlier event,
// the most recently touched first. Kinds, statuses and fields are written as numbers, which Follow makes the same in the
// table that they are read into.

// keptFlags are what is written of an entity's flags.
const keptFlags = isPartial | isExpanded | isGone | isMissed | isDropped

// AppendTouched writes all entities that were touched after an event, and tells how many they are.
func (t *Table) AppendTouched(to []byte, since uint64) (out []byte, n int) {
	for here := t.newest; here != 0; n++ {
		r := t.At(here - 1)
		if r.Last <= since {
			break
		}
		to = t.appendKept(to, here-1, r)
		here = r.older
	}
	return to, n
}

func (t *Table) appendKept(to []byte, slot uint32, r *Record) []byte {
	to = binary.AppendUvarint(to, uint64(r.kind))
	to = packed.AppendText(to, t.ID(r))
	for _, n := range [...]uint64{uint64(r.flags & keptFlags), r.Last, r.Last - r.Born, uint64(r.Version), uint64(r.rejected), uint64(r.status)} {
		to = binary.AppendUvarint(to, n)
	}
	to = binary.AppendVarint(binary.AppendVarint(to, r.Touched), r.Touched-r.first)
	if r.flags&isExpanded == 0 {
		return packed.AppendText(to, t.stateBytes(r))
	}
	t.scratch = state.AppendState(t.scratch[:0], t.expanded[slot].values)
	return packed.AppendText(to, t.scratch)
}

// Kept reads entities that AppendTouched wrote into a table.
type Kept struct {
	to    *Table
	kinds []*state.Kind // by their numbers in the other table, from 1
	state state.State
}

// Follow gives a table that has no entities the kinds of another, with their statuses and the slots of their fields; kind finds
// a kind by its name. What is read with the result is of that other table.
func (t *Table) Follow(other *Table, kind func(name string) *state.Kind) *Kept {
	k := &Kept{to: t}
	for _, c := range other.kinds {
		own := kind(c.kind.Name())
		for slot := range c.kind.Len() {
			own.Slot(c.kind.Field(slot))
		}
		k.kinds = append(k.kinds, own)
		own.Since, own.Late = 0, 0
		if !t.Meet(own) {
			continue
		}
		counts := t.countsOf(own)
		for _, s := range c.Statuses {
			counts.status(s.Name)
		}
	}
	t.forgotten = other.forgotten
	return k
}

// Count says how many events of a kind, by its number in the other table, were refused, and since when its events were seen.
func (k *Kept) Count(kind int, rejected uint64, since int64) {
	if own := k.kinds[kind]; k.to.countsOf(own) != nil {
		k.to.countsOf(own).Rejected = rejected
		own.Since = max(own.Since, since)
	}
}

// EachKind hands out, of each kind by its number from 0, how many events were refused and since when they were seen.
func (t *Table) EachKind(each func(rejected uint64, since int64)) {
	for _, c := range t.kinds {
		each(c.Rejected, c.kind.Since)
	}
}

// Read reads the next entity and puts it behind those that are there, as the least recently touched, unless it is there. It returns
// what follows, and false when there is no room for more.
func (k *Kept) Read(from []byte) (rest []byte, ok bool) {
	d := packed.Reader{Bytes: from}
	kind, id := int(d.Uint()), d.Text()
	flags, last := uint16(d.Uint()), d.Uint()
	born, version, rejected, status := last-d.Uint(), d.Uint(), d.Uint(), uint16(d.Uint())
	touched := readSigned(&d)
	first := touched - readSigned(&d)
	values := d.Raw(d.Uint())
	if d.Bad || kind == 0 || kind > len(k.kinds) {
		return nil, false
	}
	t, own := k.to, k.kinds[kind-1]
	if _, there := t.Find(own, id); there || t.countsOf(own) == nil {
		return d.Bytes, true
	}
	if t.held() >= t.limit {
		t.forgotten++
		return nil, false
	}
	slot := t.Index.Add(t.hash(own, id))
	n := len(id)
	if flags&isExpanded == 0 {
		n += len(values)
	}
	block := t.arena.Alloc(n, slot)
	copy(t.arena.Bytes(block, n), id)
	r := t.At(slot)
	r.Born, r.Last, r.first, r.Touched = born, last, first, touched
	r.kind, r.block, r.idLen = own.Index, block, uint16(len(id))
	r.Version, r.rejected, r.status = uint32(version), uint32(rejected), status
	r.flags = flags &^ isExpanded
	c := t.kinds[own.Index-1]
	c.Total++
	if c.move(0, status); r.Partial() {
		c.Partial++
	}
	if flags&isExpanded == 0 {
		copy(t.arena.Bytes(block, n)[len(id):], values)
		r.stateLen = uint16(len(values))
	} else {
		k.state.Reset(own)
		k.state.Read(values)
		t.encode(slot, r, &k.state)
	}
	t.pushOldest(slot)
	return d.Bytes, true
}

func readSigned(d *packed.Reader) int64 {
	n := d.Uint()
	return int64(n>>1) ^ -int64(n&1)
}

// pushOldest puts an entity at the older end of the list of those that were touched.
func (t *Table) pushOldest(slot uint32) {
	r := t.At(slot)
	r.newer, r.older = t.oldest, 0
	if t.oldest != 0 {
		t.At(t.oldest - 1).older = slot + 1
	} else {
		t.newest = slot + 1
	}
	t.oldest = slot + 1
	if !r.Gone() {
		t.kept = slot + 1
	}
}

// AppendNames writes all names that were given to entities after an event.
func (t *Table) AppendNames(to []byte, since uint64) []byte {
	for i := range t.names.Len() {
		n := t.names.At(i)
		if n.led <= since {
			continue
		}
		text, slot, ok := t.NameAt(i)
		if !ok {
			continue
		}
		r := t.At(slot)
		to = packed.AppendText(to, text)
		to = packed.AppendText(binary.AppendUvarint(to, uint64(r.kind)), t.ID(r))
	}
	return to
}

// ReadNames reads what AppendNames wrote. What is read last of a name counts.
func (k *Kept) ReadNames(from []byte) {
	for d := (packed.Reader{Bytes: from}); len(d.Bytes) > 0; {
		text, kind, id := d.Text(), int(d.Uint()), d.Text()
		if d.Bad || kind == 0 || kind > len(k.kinds) {
			return
		}
		if slot, ok := k.to.Find(k.kinds[kind-1], id); ok {
			k.to.Lead(text, slot)
		}
	}
}
