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

// Pairs writes name=value pairs in short, as many as a line has room for.
type Pairs struct {
	Line  *screen.Line
	Theme *screen.Theme
	Whole bool // there is room for all: nothing is shortened
	some  bool
}

// Put writes a pair; false when there is no room for more. An identifier is shortened, for the sake of what stands behind
// it.
func (p *Pairs) Put(name, value string) bool {
	l, t := p.Line, p.Theme
	name = screen.CleanUpTo(name, l.Free())
	if l.Free() < screen.Cells(name)+3 {
		if p.some {
			l.Put(t.Faint, "…")
		}
		return false
	}
	p.some = true
	l.Put(t.Dim, name+"=")
	if isIdentifier(value) && !p.Whole {
		l.Put(t.Text, screen.CutID(value, 10)+" ")
		return true
	}
	l.Put(t.Text, screen.CleanUpTo(value, l.Free()))
	l.Gap(1)
	return l.Free() > 0
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
