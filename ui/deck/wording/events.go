package wording

import (
	"signalbox/sources"
	"signalbox/ui/screen"
)

// Type is what stands in the column of types: where nothing tells the type, the subject is the best there is.
func Type(r *sources.Event) string {
	if r.Type == "" {
		return r.Subject
	}
	return r.Type
}

// Data is what expressions call data of an event.
func Data(r *sources.Event) []byte {
	if r.Body != nil {
		return r.Body
	}
	return r.Data
}

// Pairs are name=value pairs that a line is filled with, as many as it has room for. Where the room is short identifiers are
// shortened, from the first on, for the sake of what stands behind them; others stay whole.
type Pairs struct {
	Line  *screen.Line
	Theme *screen.Theme

	pairs       []pair
	whole, most int // cells of all pairs with their gaps, and how many shorter they can be
}

// pair is one of them; its value can be so many cells shorter.
type pair struct {
	name, value string
	shorter     int
}

// shortID is how many cells a shortened identifier takes.
const shortID = 10

// Add takes one more pair; false when there is no room for more.
func (p *Pairs) Add(name, value string) bool {
	room := p.Line.Free()
	one := pair{name: screen.CleanUpTo(name, room)}
	if isIdentifier(value) {
		one.value, one.shorter = value, len(value)-shortID
	} else {
		one.value = screen.CleanUpTo(value, room)
	}
	p.pairs = append(p.pairs, one)
	p.whole += screen.Cells(one.name) + 1 + screen.Cells(one.value) + 1
	p.most += one.shorter
	return p.whole-p.most < room
}

// Draw writes them.
func (p *Pairs) Draw() {
	l, t := p.Line, p.Theme
	over := p.whole - 1 - l.Free()
	for i, one := range p.pairs {
		if l.Free() < screen.Cells(one.name)+3 {
			if i > 0 {
				l.Put(t.Faint, "…")
			}
			return
		}
		l.Put(t.Dim, one.name+"=")
		if one.shorter > 0 && over > 0 {
			one.value = screen.CutID(one.value, shortID)
			over -= one.shorter
		}
		l.Put(t.Text, one.value)
		l.Gap(1)
	}
}

// isIdentifier tells long identifiers, such as ULIDs and UUIDs, from text.
func isIdentifier(value string) bool {
	if len(value) < 20 || len(value) > 64 {
		return false
	}
	digits := 0
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '_':
		default:
			return false
		}
	}
	return digits > 1
}
