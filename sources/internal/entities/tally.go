package entities

import (
	"encoding/binary"
	"sort"

	"signalbox/sources/internal/packed"
)

// The counts of all kinds are remembered as they change, so that they can be told as they were after any event: pages of
// changes, each of which begins with all counts. Nothing is written for an event that changes none of them.

// tally is what is remembered.
type tally struct {
	pages []*tallyPage // oldest first
	bytes int64
	event uint64 // the one in hand
}

// tallyPage is counts, and their changes since.
type tallyPage struct {
	first   uint64 // the event of the first change
	last    uint64 // that of the last one
	base    []byte // the counts before
	changes []byte
}

// leastTally is how many bytes of changes a page has at least; there are several times as many as its counts take.
const (
	leastTally  = 8 << 10
	baseInTally = 4
	mostChange  = 4 * binary.MaxVarintLen64
)

// change is what changes counts.
type change uint64

const (
	isBorn change = iota
	becamePartial
	becameWhole
	wasRejected
	hasStatus  // another one: from, to
	hasLeft    // and had this status
	changeBits = 3
)

// Remember has counts told as they were after any event from now on; see Table.Event.
func (t *Table) Remember() { t.tally = &tally{} }

// Event says which event is in hand.
func (t *Table) Event(number uint64) {
	t.event = number
	if t.tally != nil {
		t.tally.event = number
	}
}

// note remembers a change of counts that is about to be made.
func (t *Table) note(what change, kind, from, to uint16) {
	y := t.tally
	if y == nil {
		return
	}
	if n := len(y.pages); n == 0 || len(y.pages[n-1].changes)+mostChange > cap(y.pages[n-1].changes) {
		y.begin(t.kinds)
	}
	p := y.pages[len(y.pages)-1]
	p.changes = binary.AppendUvarint(p.changes, y.event-p.last)
	p.changes = binary.AppendUvarint(p.changes, uint64(kind)<<changeBits|uint64(what))
	p.last = y.event
	if what >= hasStatus {
		p.changes = binary.AppendUvarint(binary.AppendUvarint(p.changes, uint64(from)), uint64(to))
	}
}

// begin begins a page with the counts as they are.
func (y *tally) begin(kinds []*Counts) {
	base := appendCounts(nil, kinds)
	p := &tallyPage{first: y.event, last: y.event, base: base, changes: make([]byte, 0, max(leastTally, baseInTally*len(base)))}
	y.pages = append(y.pages, p)
	y.bytes += p.cost()
}

func (p *tallyPage) cost() int64 { return int64(cap(p.base)+cap(p.changes)) + 64 }

// Forgets lets go what is remembered of events before one.
func (t *Table) Forgets(first uint64) {
	y := t.tally
	if y == nil {
		return
	}
	n := 0
	for n+1 < len(y.pages) && y.pages[n+1].first <= first {
		y.bytes -= y.pages[n].cost()
		n++
	}
	if n > 0 {
		y.pages = append([]*tallyPage(nil), y.pages[n:]...)
	}
}

// Sums are the counts of all kinds.
type Sums struct {
	table *Table
	kinds []*Counts
}

// Sums are those of now.
func (t *Table) Sums() Sums { return Sums{t, t.kinds} }

// SumsAt are those after an event.
func (t *Table) SumsAt(number uint64) Sums {
	y := t.tally
	if y == nil || len(y.pages) == 0 {
		return t.Sums()
	}
	i := max(sort.Search(len(y.pages), func(i int) bool { return y.pages[i].first > number })-1, 0)
	p := y.pages[i]
	s := Sums{table: t, kinds: t.readCounts(p.base)}
	r, event := packed.Reader{Bytes: p.changes}, p.first
	for len(r.Bytes) > 0 && !r.Bad {
		if event += r.Uint(); event > number {
			break
		}
		head := r.Uint()
		what, k := change(head&(1<<changeBits-1)), s.kinds[head>>changeBits-1]
		from, to := uint64(0), uint64(0)
		if what >= hasStatus {
			from, to = r.Uint(), r.Uint()
		}
		k.change(what, uint16(from), uint16(to))
	}
	return s
}

// change makes a change.
func (c *Counts) change(what change, from, to uint16) {
	switch what {
	case isBorn:
		c.Total++
	case becamePartial:
		c.Partial++
	case becameWhole:
		c.Partial--
	case wasRejected:
		c.Rejected++
	case hasStatus:
		c.move(from, to)
	case hasLeft:
		c.Total--
		c.move(from, 0)
	}
}

// appendCounts writes the counts of all kinds.
func appendCounts(to []byte, kinds []*Counts) []byte {
	for _, k := range kinds {
		to = binary.AppendUvarint(to, k.Total)
		to = binary.AppendUvarint(to, uint64(k.Partial))
		to = binary.AppendUvarint(to, k.Rejected)
		to = binary.AppendUvarint(to, uint64(len(k.Statuses)))
		for _, c := range k.Statuses {
			to = binary.AppendUvarint(to, c.N)
		}
	}
	return to
}

// readCounts reads what appendCounts wrote. Kinds and statuses that came later are there with nothing counted.
func (t *Table) readCounts(base []byte) []*Counts {
	r := packed.Reader{Bytes: base}
	out := make([]*Counts, len(t.kinds))
	for i, k := range t.kinds {
		c := &Counts{kind: k.kind, Statuses: make([]Count, len(k.Statuses))}
		for n := range c.Statuses {
			c.Statuses[n].Name = k.Statuses[n].Name
		}
		if len(r.Bytes) > 0 {
			c.Total, c.Partial, c.Rejected = r.Uint(), int(r.Uint()), r.Uint()
			for n := range r.Uint() {
				c.Statuses[n].N = r.Uint()
			}
		}
		out[i] = c
	}
	return out
}
