// Package comparison tells apart what two buses hold: events that only one of them has, and steps of entities whose time is another.
//
// What is of it belongs to one goroutine. Events are read while they are given, and nothing of them is kept: they are used again.
package comparison

import (
	"bytes"
	"hash/maphash"
	"slices"

	"signalbox/sources"
	"signalbox/ui/output"
)

// Prints are hashes of the events of a bus: the same is what has the same station and payload. They take eight bytes an event,
// so that ten million of them do not crowd out what reads; in parts, by their first eight bits.
type Prints struct {
	seed  maphash.Seed
	parts [256][]uint64
}

// NewPrints makes the prints of two buses, which can be compared.
func NewPrints() (left, right *Prints) {
	seed := maphash.MakeSeed()
	return &Prints{seed: seed}, &Prints{seed: seed}
}

func (p *Prints) of(e *sources.Event) uint64 {
	var h maphash.Hash
	h.SetSeed(p.seed)
	_, _ = h.WriteString(e.Station) // it never fails, nor does what follows
	_ = h.WriteByte(0)
	_, _ = h.Write(bytes.TrimSpace(e.Data))
	return h.Sum64()
}

// Add takes in an event.
func (p *Prints) Add(e *sources.Event) {
	hash := p.of(e)
	part := &p.parts[hash>>56]
	*part = append(*part, hash)
}

// Len is how many there are.
func (p *Prints) Len() (n uint64) {
	for _, part := range p.parts {
		n += uint64(len(part))
	}
	return n
}

// Strike takes what both have away from both, and tells how many that are. What is left is in order.
func (p *Prints) Strike(other *Prints) (both uint64) {
	for i := range p.parts {
		a, b := p.parts[i], other.parts[i]
		slices.Sort(a)
		slices.Sort(b)
		onlyA, onlyB := a[:0], b[:0]
		for len(a) > 0 && len(b) > 0 {
			switch {
			case a[0] < b[0]:
				onlyA, a = append(onlyA, a[0]), a[1:]
			case a[0] > b[0]:
				onlyB, b = append(onlyB, b[0]), b[1:]
			default:
				a, b = a[1:], b[1:]
				both++
			}
		}
		p.parts[i], other.parts[i] = append(onlyA, a...), append(onlyB, b...)
	}
	return both
}

// take takes one away, and tells whether it was there.
func (p *Prints) take(hash uint64) bool {
	part := &p.parts[hash>>56]
	at, there := slices.BinarySearch(*part, hash)
	if there {
		*part = slices.Delete(*part, at, at+1)
	}
	return there
}

// List is the first of the events that were left, as lines.
type List struct {
	Of    *Prints
	Most  int
	Lines []string
}

// See takes in an event of the bus that they are of.
func (l *List) See(e *sources.Event) {
	if len(l.Lines) < l.Most && l.Of.take(l.Of.of(e)) {
		l.Lines = append(l.Lines, string(bytes.TrimSpace(output.EventLine(output.Colours{})(nil, e))))
	}
}
