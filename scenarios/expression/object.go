package expression

import (
	"encoding/binary"
	"unsafe"

	"signalbox/sources/state"
)

// Lookup is a set of members that expressions ask an object for, so that one pass finds them all.
type Lookup struct {
	slots  map[string]int
	byLen  [maxShort + 1][]wanted // names of up to maxShort bytes, by their length
	longer bool
	before [guesses]guess // by a hash of where a member stands and how its name begins
}

const (
	maxShort = 23
	guesses  = 32
)

// guess is how a member's name was written in the object before, from the brace or comma before it to its colon, and its
// slot. Applications write their objects alike, and to compare is faster than to read.
type guess struct {
	words [guessWords]uint64 // the text, see eight, and zeros
	size  int                // 0: no guess
	slot  int
}

const guessWords = (maxShort + len(`,"":`) + 7) / 8

// keep makes the guess a text that has room in it.
func (g *guess) keep(text string, slot int) {
	var padded [guessWords * 8]byte
	g.size, g.slot = copy(padded[:], text), slot
	for i := range g.words {
		g.words[i] = binary.LittleEndian.Uint64(padded[i*8:])
	}
}

// holds tells whether the name is written at i as it was before.
func (g *guess) holds(raw string, i int) bool {
	if g.size == 0 || i+guessWords*8 > len(raw) {
		return false
	}
	left := g.size
	for w := range g.words {
		word := eight(raw[i+w*8 : i+w*8+8])
		if left <= 8 {
			return (word^g.words[w])<<(64-8*left) == 0
		}
		if word != g.words[w] {
			return false
		}
		left -= 8
	}
	return false
}

// guessed is where the guess for an object's nth member, behind the brace or comma at i, is kept.
func guessed(raw string, i, n int) uint {
	if i+4 > len(raw) {
		return 0
	}
	return (uint(raw[i+2])*3 + uint(raw[i+3]) + uint(n)*7) % guesses
}

type wanted struct {
	name string
	slot int
}

// Slot finds the slot of a member, and makes one when there is none.
func (l *Lookup) Slot(name string) int {
	slot, ok := l.slots[name]
	if ok {
		return slot
	}
	if l.slots == nil {
		l.slots = map[string]int{}
	}
	slot = len(l.slots)
	l.slots[name] = slot
	clear(l.before[:])
	if len(name) > maxShort {
		l.longer = true
	} else {
		l.byLen[len(name)] = append(l.byLen[len(name)], wanted{name, slot})
	}
	return slot
}

// find is the slot of a member, or -1.
func (l *Lookup) find(name string) int {
	if len(name) <= maxShort {
		for _, m := range l.byLen[len(name)] {
			if m.name == name {
				return m.slot
			}
		}
		return -1
	}
	if l.longer {
		if slot, ok := l.slots[name]; ok {
			return slot
		}
	}
	return -1
}

// name reads the name of an object's nth member, behind the brace or comma at i: its slot, or -1, and where its value
// begins, or -1 when the object does not hold together.
func (l *Lookup) name(raw string, i, n int) (slot, after int) {
	g := &l.before[guessed(raw, i, n)]
	if g.holds(raw, i) {
		return g.slot, blank(raw, i+g.size)
	}
	begin := blank(raw, i+1)
	if begin == len(raw) || raw[begin] != '"' {
		return -1, -1
	}
	name, plain, after := name(raw, begin)
	if after < 0 {
		return -1, -1
	}
	slot = l.find(name)
	if plain && after-i <= guessWords*8 {
		g.keep(raw[i:after], slot)
	}
	return slot, blank(raw, after)
}

// Document is one JSON text and the members of it that are asked for. The text is not validated as a whole, but its
// outermost object must hold together: IsObject.
type Document struct {
	raw    string
	lookup *Lookup
	spans  []found // by slot
	serial uint32  // of the text: what was found in others means nothing
	object bool
	read   bool

	inner *Document // takes the object apart that one member is, in the same pass
	at    int       // the slot of that member, or -1
	ahead bool      // read as a part of another document
}

// found is the JSON of a member; plain is a text without escapes.
type found struct {
	raw    string
	serial uint32
	plain  bool
}

// Reset makes d another text, to be asked for the members of lookup. The text is kept as a view.
func (d *Document) Reset(raw string, lookup *Lookup) {
	if d.lookup == lookup && d.Ahead(raw) {
		d.ahead = false
		return
	}
	d.raw, d.lookup, d.read, d.object, d.ahead = raw, lookup, false, false, false
	if d.inner != nil {
		d.inner.ahead = false
	}
}

// Ahead tells whether the text has been taken apart as a part of another.
func (d *Document) Ahead(raw string) bool { return d.ahead && identical(raw, d.raw) }

// identical tells whether two texts are the same bytes of memory.
func identical(a, b string) bool {
	return len(a) == len(b) && unsafe.StringData(a) == unsafe.StringData(b)
}

// Nest lets the member that was found to be raw be inner from now on, where it is an object: both are taken apart in one
// pass, and inner need not be when it is next Reset to that member.
func (d *Document) Nest(inner *Document, lookup *Lookup, raw string) {
	d.inner, d.at = inner, -1
	inner.lookup = lookup
	for slot := range d.spans {
		if s := &d.spans[slot]; s.serial == d.serial && identical(s.raw, raw) {
			d.at = slot
		}
	}
}

// Raw is the text.
func (d *Document) Raw() string { return d.raw }

// Value is the whole text as a value.
func (d *Document) Value() Value { return FromJSON(d.raw[blank(d.raw, 0):]) }

// IsObject tells whether the text is a JSON object, as far as its outermost level shows.
func (d *Document) IsObject() bool {
	d.parse()
	return d.object
}

// Member is the value of a member, absent when there is none. Of members with one name the last counts.
func (d *Document) Member(slot int) Value {
	d.parse()
	if slot >= len(d.spans) || d.spans[slot].serial != d.serial {
		return Value{}
	}
	s := &d.spans[slot]
	if s.plain {
		return state.TextValue(s.raw[1 : len(s.raw)-1])
	}
	return FromJSON(s.raw)
}

// First is the value of the first of some members that there is and is not null.
func (d *Document) First(slots []int) Value {
	d.parse()
	for _, slot := range slots {
		if slot < len(d.spans) && d.spans[slot].serial == d.serial && d.spans[slot].raw != "null" {
			return d.Member(slot)
		}
	}
	return Value{}
}

func (d *Document) parse() {
	if d.read {
		return
	}
	if begin := blank(d.raw, 0); begin < len(d.raw) && d.raw[begin] == '{' {
		end := d.find(d.raw, begin)
		if d.object = end >= 0 && blank(d.raw, end) == len(d.raw); d.object {
			return
		}
	}
	d.forget()
}

// forget begins with no members found.
func (d *Document) forget() {
	d.read = true
	if n := len(d.lookup.slots); len(d.spans) < n {
		d.spans = make([]found, n)
	}
	if d.serial++; d.serial == 0 {
		clear(d.spans)
		d.serial = 1
	}
}

// find finds the members of the object that begins at i, and where it ends, or -1.
func (d *Document) find(raw string, i int) (end int) {
	d.forget()
	if next := blank(raw, i+1); next < len(raw) && raw[next] == '}' {
		return next + 1
	}
	for n := 0; ; n++ {
		slot, from := d.lookup.name(raw, i, n)
		if from < 0 {
			return -1
		}
		plain := false
		switch {
		case from < len(raw) && raw[from] == '"':
			end, plain = text(raw, from)
		case slot >= 0 && slot == d.at && d.inner != nil:
			end = d.nest(raw, from)
		default:
			end = skip(raw, from)
		}
		if end < 0 {
			return -1
		}
		if slot >= 0 {
			d.spans[slot] = found{raw[from:end], d.serial, plain}
		}
		if i = blank(raw, end); i == len(raw) || raw[i] != ',' {
			break
		}
	}
	if i < len(raw) && raw[i] == '}' {
		return i + 1
	}
	return -1
}

// nest is where the value ends that begins at i, or -1; inner takes it apart, if it is an object.
func (d *Document) nest(raw string, i int) (end int) {
	if i == len(raw) || raw[i] != '{' {
		return skip(raw, i)
	}
	inner := d.inner
	end = inner.find(raw, i)
	if inner.object = end >= 0; !inner.object {
		inner.forget()
		end = nested(raw, i)
	}
	if end >= 0 {
		inner.raw, inner.ahead = raw[i:end], true
	}
	return end
}
