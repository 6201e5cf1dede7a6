package expression

import (
	"strings"
)

// Lookup is a set of members that expressions ask an object for, so that one pass finds them all.
type Lookup struct {
	slots  map[string]int
	byLen  [maxShort + 1][]member // names of up to maxShort bytes, by their length
	longer bool
}

const maxShort = 23

type member struct {
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
	if len(name) > maxShort {
		l.longer = true
	} else {
		l.byLen[len(name)] = append(l.byLen[len(name)], member{name, slot})
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
	d.object = eachMember(d.raw, func(name, value string) bool {
		if slot := d.lookup.find(name); slot >= 0 {
			d.spans[slot] = value
		}
		return true
	})
	if !d.object {
		clear(d.spans)
	}
}

// eachMember calls yield with the members of an object, until it returns false. It returns false when raw is no object
// that holds together.
func eachMember(raw string, yield func(name, value string) bool) bool {
	i := blank(raw, 0)
	if i == len(raw) || raw[i] != '{' {
		return false
	}
	for i = blank(raw, i+1); i < len(raw); {
		if raw[i] == '}' {
			return blank(raw, i+1) == len(raw)
		}
		if raw[i] != '"' {
			return false
		}
		end := text(raw, i)
		if end < 0 {
			return false
		}
		name := raw[i+1 : end-1]
		if strings.IndexByte(name, '\\') >= 0 {
			name = unquote(raw[i:end])
		}
		if i = blank(raw, end); i == len(raw) || raw[i] != ':' {
			return false
		}
		i = blank(raw, i+1)
		if end = skip(raw, i); end < 0 {
			return false
		}
		if !yield(name, raw[i:end]) {
			return true
		}
		if i = next(raw, end, '}'); i < 0 {
			return false
		}
	}
	return false
}

// eachElement is eachMember for arrays.
func eachElement(raw string, yield func(value string) bool) bool {
	i := blank(raw, 0)
	if i == len(raw) || raw[i] != '[' {
		return false
	}
	for i = blank(raw, i+1); i < len(raw); {
		if raw[i] == ']' {
			return blank(raw, i+1) == len(raw)
		}
		end := skip(raw, i)
		if end < 0 {
			return false
		}
		if !yield(raw[i:end]) {
			return true
		}
		if i = next(raw, end, ']'); i < 0 {
			return false
		}
	}
	return false
}

// next goes over the comma behind a value, up to the next one or to the closing bracket; -1 when neither follows.
func next(raw string, i int, closing byte) int {
	if i = blank(raw, i); i == len(raw) {
		return -1
	}
	if raw[i] == closing {
		return i
	}
	if raw[i] != ',' {
		return -1
	}
	if i = blank(raw, i+1); i == len(raw) || raw[i] == closing {
		return -1
	}
	return i
}

// blank goes over white space.
func blank(raw string, i int) int {
	for i < len(raw) && raw[i] <= ' ' {
		i++
	}
	return i
}

// skip is where the value that begins at i ends, or -1.
func skip(raw string, i int) int {
	if i == len(raw) {
		return -1
	}
	switch c := raw[i]; {
	case c == '"':
		return text(raw, i)
	case c == '{' || c == '[':
		return nested(raw, i)
	case c == '-' || '0' <= c && c <= '9' || c == 't' || c == 'f' || c == 'n' || c == 'N' || c == 'I':
		for i < len(raw) && raw[i] > ' ' && raw[i] != ',' && raw[i] != '}' && raw[i] != ']' {
			i++
		}
		return i
	}
	return -1
}

// nested is where the object or array that begins at i ends, or -1.
func nested(raw string, i int) int {
	for depth := 0; i < len(raw); {
		switch raw[i] {
		case '"':
			if i = text(raw, i); i < 0 {
				return -1
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return -1
}

// text is where the quoted text that begins at i ends, or -1.
func text(raw string, i int) int {
	const short = 24 // most texts end sooner than a call would pay
	for end := min(len(raw), i+short); ; {
		if i++; i >= end {
			break
		}
		switch raw[i] {
		case '"':
			return i + 1
		case '\\':
			i++
		}
	}
	for i < len(raw) {
		j := strings.IndexByte(raw[i:], '"')
		if j < 0 {
			return -1
		}
		from := i
		i += j
		back := i
		for back > from && raw[back-1] == '\\' {
			back--
		}
		i++
		if (i-1-back)%2 == 0 {
			return i
		}
	}
	return -1
}
