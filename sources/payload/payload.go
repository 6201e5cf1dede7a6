// Package payload reads the JSON of payloads in one pass: whether it is JSON, and how it is written without white space.
// Who wants the values in it uses another package. Functions are pure and do not allocate, but for what they append.
package payload

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
	"unsafe"
)

// MostNesting is how deep arrays and objects may lie in each other to be written as JSON: readers of JSON have such a
// limit, and the lowest in wide use is 256, of which our own lines take a few.
const MostNesting = 250

// AppendJSON appends a payload without the white space between its tokens, when it is one value of JSON in UTF-8 in which
// no more than so many arrays and objects lie in each other. Otherwise it appends nothing, and ok is false.
func AppendJSON(to, data []byte, nested int) (out []byte, ok bool) {
	r := reader{data: data, to: to, room: nested, compacts: true}
	if !r.document() {
		return to, false
	}
	return r.written(), true
}

// AppendBoth appends a part of a payload, which lies between two places in it, then a text, then the payload, the two of
// them as AppendJSON does. An array or object is read once, as the part. Where one of the two is not JSON, nothing is
// appended, and ok is false.
func AppendBoth(to, data []byte, from, end int, between string, nested int) (out []byte, ok bool) {
	r := reader{data: data[from:end], to: to, room: nested, least: nested, compacts: true}
	if !r.document() {
		return to, false
	}
	out = r.written()
	p := part{from: from, end: end, depth: nested - r.least, written: out[len(to):]}
	r = reader{data: data, to: append(out, between...), room: nested, compacts: true, part: p}
	if !r.document() {
		return to, false
	}
	return r.written(), true
}

// IsJSON tells whether a payload is what AppendJSON would append.
func IsJSON(data []byte, nested int) bool {
	r := reader{data: data, room: nested}
	return r.document()
}

// Members tells of each member of an object, as they are written, and whether the payload is an object and what AppendJSON would
// append: if not, what was told of the members means nothing.
func Members(data []byte, nested int, tell func(name, value []byte)) (ok bool) {
	r := reader{data: data, room: nested - 1}
	i := r.space(0)
	if nested == 0 || i == len(data) || data[i] != '{' {
		return false
	}
	if i = r.space(i + 1); i < len(data) && data[i] == '}' {
		return r.space(i+1) == len(data)
	}
	for {
		named, begin, end := r.member(i)
		if end == wrong {
			return false
		}
		tell(data[i:named], data[begin:end])
		if i = r.space(end); i == len(data) || data[i] != ',' {
			return i < len(data) && data[i] == '}' && r.space(i+1) == len(data)
		}
		i = r.space(i + 1)
	}
}

// member reads a member of an object, whose name ends at named and whose value lies between begin and end.
func (r *reader) member(i int) (named, begin, end int) {
	if i >= len(r.data) || r.data[i] != '"' {
		return i, i, wrong
	}
	if named = r.text(i + 1); named == wrong {
		return i, i, wrong
	}
	if i = r.space(named); i == len(r.data) || r.data[i] != ':' {
		return i, i, wrong
	}
	begin = r.space(i + 1)
	return named, begin, r.value(begin)
}

// reader reads one payload. Its methods are given the place where something begins, and return that behind it, or wrong.
type reader struct {
	data     []byte
	room     int // how many more arrays and objects may lie in each other
	least    int // and how many at the deepest place
	compacts bool
	to       []byte
	copied   int // all before it is in to
	part     part
}

// part is an array or object that was read before, none where its end is 0.
type part struct {
	from, end int
	depth     int // of the arrays and objects in it, itself included
	written   []byte
}

// written is what is appended of a document that was read.
func (r *reader) written() []byte { return append(r.to, r.data[r.copied:]...) }

const wrong = -1

func (r *reader) document() bool {
	end := r.value(r.space(0))
	return end != wrong && r.space(end) == len(r.data)
}

// space passes white space, which is left out of what is copied.
func (r *reader) space(i int) int {
	if i < len(r.data) && r.data[i] > ' ' {
		return i
	}
	return r.someSpace(i)
}

//go:noinline // so that space is inlined
func (r *reader) someSpace(i int) int {
	begin := i
	for i < len(r.data) && (r.data[i] == ' ' || r.data[i] == '\n' || r.data[i] == '\r' || r.data[i] == '\t') {
		i++
	}
	if i > begin && r.compacts {
		r.to = append(r.to, r.data[r.copied:begin]...)
		r.copied = i
	}
	return i
}

func (r *reader) value(i int) int {
	if i >= len(r.data) {
		return wrong
	}
	switch c := r.data[i]; c {
	case '"':
		return r.text(i + 1)
	case '{', '[':
		if r.part.end > 0 && i == r.part.from {
			return r.known()
		}
		if r.room == 0 {
			return wrong
		}
		r.room--
		r.least = min(r.least, r.room)
		if c == '{' {
			i = r.object(i + 1)
		} else {
			i = r.array(i + 1)
		}
		r.room++
		return i
	case 't':
		return r.word(i, "true")
	case 'f':
		return r.word(i, "false")
	case 'n':
		return r.word(i, "null")
	}
	return r.number(i)
}

// known passes the part that was read before.
func (r *reader) known() int {
	p := &r.part
	if p.depth > r.room {
		return wrong
	}
	if len(p.written) < p.end-p.from {
		r.to = append(append(r.to, r.data[r.copied:p.from]...), p.written...)
		r.copied = p.end
	}
	return p.end
}

func (r *reader) word(i int, word string) int {
	if end := i + len(word); end <= len(r.data) && string(r.data[i:end]) == word {
		return end
	}
	return wrong
}

func (r *reader) array(i int) int {
	if i = r.space(i); i < len(r.data) && r.data[i] == ']' {
		return i + 1
	}
	for {
		if i = r.value(i); i == wrong {
			return wrong
		}
		switch i = r.space(i); {
		case i == len(r.data):
			return wrong
		case r.data[i] == ']':
			return i + 1
		case r.data[i] != ',':
			return wrong
		}
		i = r.space(i + 1)
	}
}

func (r *reader) object(i int) int {
	if i = r.space(i); i < len(r.data) && r.data[i] == '}' {
		return i + 1
	}
	for {
		if _, _, i = r.member(i); i == wrong {
			return wrong
		}
		switch i = r.space(i); {
		case i == len(r.data):
			return wrong
		case r.data[i] == '}':
			return i + 1
		case r.data[i] != ',':
			return wrong
		}
		i = r.space(i + 1)
	}
}

// number reads a number.
func (r *reader) number(i int) int {
	if r.data[i] == '-' {
		i++
	}
	begin := i
	if i = r.digits(i); i == begin || i > begin+1 && r.data[begin] == '0' {
		return wrong
	}
	if i < len(r.data) && r.data[i] == '.' {
		begin = i + 1
		if i = r.digits(begin); i == begin {
			return wrong
		}
	}
	if i < len(r.data) && (r.data[i] == 'e' || r.data[i] == 'E') {
		if i++; i < len(r.data) && (r.data[i] == '+' || r.data[i] == '-') {
			i++
		}
		begin = i
		if i = r.digits(begin); i == begin {
			return wrong
		}
	}
	return i
}

func (r *reader) digits(i int) int {
	for i < len(r.data) && r.data[i]-'0' <= 9 {
		i++
	}
	return i
}

// text reads the rest of a text, behind its first quote.
func (r *reader) text(i int) int {
	for {
		if i = plainEnd(r.data, i); i >= len(r.data) {
			return wrong
		}
		switch c := r.data[i]; {
		case c == '"':
			return i + 1
		case c == '\\':
			i = r.escape(i + 1)
		case c >= utf8.RuneSelf:
			_, size := utf8.DecodeRune(r.data[i:])
			if i += size; size == 1 {
				return wrong
			}
		default:
			return wrong
		}
		if i == wrong {
			return wrong
		}
	}
}

// plainEnd passes what needs no look within a text: all but what special finds.
func plainEnd(data []byte, i int) int {
	for ; i+8 <= len(data); i += 8 {
		if found := special(binary.LittleEndian.Uint64(data[i:])); found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for i < len(data) && isPlain(data[i]) {
		i++
	}
	return i
}

// special has bits set where one of eight bytes is a quote, a backslash, below a blank or not ASCII, and the lowest of
// them is that of the first such byte: a byte takes from those above it only when it is one itself.
func special(eight uint64) uint64 {
	const ones, highest = 0x0101010101010101, 0x8080808080808080
	quote, backslash := eight^ones*'"', eight^ones*'\\'
	return (eight | (eight-ones*' ')&^eight | (quote-ones)&^quote | (backslash-ones)&^backslash) & highest
}

func isPlain(c byte) bool { return c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\' }

// IsPlain tells whether a text is written as it is between the quotes of JSON.
func IsPlain(text string) bool {
	data := unsafe.Slice(unsafe.StringData(text), len(text))
	if len(data) < 8 {
		for _, c := range data {
			if !isPlain(c) {
				return false
			}
		}
		return true
	}
	for i := 0; i+8 < len(data); i += 8 {
		if special(binary.LittleEndian.Uint64(data[i:])) != 0 {
			return false
		}
	}
	return special(binary.LittleEndian.Uint64(data[len(data)-8:])) == 0
}

// escape reads what follows a backslash.
func (r *reader) escape(i int) int {
	if i >= len(r.data) {
		return wrong
	}
	switch r.data[i] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 1
	case 'u':
		const digits = 4
		if i++; len(r.data)-i < digits {
			return wrong
		}
		for _, c := range r.data[i : i+digits] {
			if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
				return wrong
			}
		}
		return i + digits
	}
	return wrong
}
