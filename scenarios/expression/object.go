package expression

// Lookup is a set of members that expressions ask an object for, so that one pass finds them all.
type Lookup struct {
	slots  map[string]int
	byLen  [maxShort + 1][]wanted // names of up to maxShort bytes, by their length
	longer bool
	before [maxGuesses]guess // the first members of the object before
}

const (
	maxShort   = 23
	maxGuesses = 8
)

// guess is how a member's name was written in the object before, with quotes and colon, and its slot. Applications write
// their objects alike, and to compare is faster than to read.
type guess struct {
	text [maxShort + len(`"":`)]byte
	size int // 0: no guess
	slot int
}

// holds tells whether the name is written at i as it was before.
func (g *guess) holds(raw string, i int) bool {
	return g.size > 0 && i+g.size <= len(raw) && raw[i:i+g.size] == string(g.text[:g.size])
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

// name reads the name of an object's nth member, at i: its slot, or -1, and where its value begins, or -1 when the object
// does not hold together.
func (l *Lookup) name(raw string, i, n int) (slot, after int) {
	g := &l.before[n%maxGuesses]
	if g.holds(raw, i) {
		return g.slot, blank(raw, i+g.size)
	}
	name, plain, after := name(raw, i)
	if after < 0 {
		return -1, -1
	}
	slot = l.find(name)
	if size := after - i; plain && size <= len(g.text) {
		g.size, g.slot = copy(g.text[:], raw[i:after]), slot
	}
	return slot, blank(raw, after)
}

// Document is one JSON text and the members of it that are asked for. The text is not validated as a whole, but its
// outermost object must hold together: IsObject.
type Document struct {
	raw    string
	lookup *Lookup
	spans  []string
	object bool
	read   bool
}

// Reset makes d another text, to be asked for the members of lookup. The text is kept as a view.
func (d *Document) Reset(raw string, lookup *Lookup) {
	d.raw, d.lookup, d.read, d.object = raw, lookup, false, false
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

// Member is the JSON of a member, or "" when there is none. Of members with one name the last counts.
func (d *Document) Member(slot int) string {
	d.parse()
	if slot >= len(d.spans) {
		return ""
	}
	return d.spans[slot]
}

// First is the JSON of the first of some members that there is and is not null, or "".
func (d *Document) First(slots []int) string {
	d.parse()
	for _, slot := range slots {
		if slot < len(d.spans) && d.spans[slot] != "" && d.spans[slot] != "null" {
			return d.spans[slot]
		}
	}
	return ""
}

func (d *Document) parse() {
	if d.read {
		return
	}
	d.read = true
	n := len(d.lookup.slots)
	if cap(d.spans) < n {
		d.spans = make([]string, n)
	}
	d.spans = d.spans[:n]
	clear(d.spans)
	i := members(d.raw)
	for n := 0; i >= 0 && d.raw[i] == '"'; n++ {
		slot, from := d.lookup.name(d.raw, i, n)
		if i = from; i < 0 {
			break
		}
		if i = skip(d.raw, from); i < 0 {
			break
		}
		if slot >= 0 {
			d.spans[slot] = d.raw[from:i]
		}
		i = next(d.raw, i, '}')
	}
	if d.object = ends(d.raw, i); !d.object {
		clear(d.spans)
	}
}
