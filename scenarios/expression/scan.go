package expression

import "math/bits"

// members is where the first member of an object begins, or where the object ends when it has none; -1 when raw is no
// object.
func members(raw string) int {
	i := blank(raw, 0)
	if i == len(raw) || raw[i] != '{' {
		return -1
	}
	if i = blank(raw, i+1); i == len(raw) {
		return -1
	}
	return i
}

// member reads the member that begins at i, its value as JSON, and tells where the next one begins or the object ends; -1
// when it does not hold together.
func member(raw string, i int) (text, value string, after int) {
	text, _, i = name(raw, i)
	if i < 0 {
		return "", "", -1
	}
	i = blank(raw, i)
	end := skip(raw, i)
	if end < 0 {
		return "", "", -1
	}
	return text, raw[i:end], next(raw, end, '}')
}

// name reads the name that begins at i, whether there is no escape in it, and tells where its colon ends; -1 when there
// is none.
func name(raw string, i int) (name string, plain bool, after int) {
	end, plain := text(raw, i)
	if end < 0 {
		return "", false, -1
	}
	if name = raw[i+1 : end-1]; !plain {
		name = unquote(raw[i:end])
	}
	if i = blank(raw, end); i == len(raw) || raw[i] != ':' {
		return "", false, -1
	}
	return name, plain, i + 1
}

// ends tells whether an object ends at i, and nothing follows it.
func ends(raw string, i int) bool { return i >= 0 && raw[i] == '}' && blank(raw, i+1) == len(raw) }

// eachMember calls yield with the members of an object, until it returns false. It returns false when raw is no object
// that holds together.
func eachMember(raw string, yield func(name, value string) bool) bool {
	i := members(raw)
	for i >= 0 && raw[i] == '"' {
		var name, value string
		if name, value, i = member(raw, i); i >= 0 && !yield(name, value) {
			return true
		}
	}
	return ends(raw, i)
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
		end, _ := text(raw, i)
		return end
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
	const lower = 0x20 // makes a brace of a bracket
	for depth := 0; i < len(raw); {
		switch c := raw[i]; {
		case c == '"':
			if i, _ = text(raw, i); i < 0 {
				return -1
			}
			continue
		case c|lower == '{':
			depth++
		case c|lower == '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return -1
}

// text is where the quoted text that begins at i ends, or -1, and whether there is no escape in it.
func text(raw string, i int) (end int, plain bool) {
	plain = true
	for i++; i < len(raw); i++ {
		for i+8 <= len(raw) {
			if found := marks(eight(raw[i : i+8])); found != 0 {
				i += bits.TrailingZeros64(found) / 8
				break
			}
			i += 8
		}
		if i == len(raw) {
			break
		}
		switch raw[i] {
		case '"':
			return i + 1, plain
		case '\\':
			plain = false
			i++
		}
	}
	return -1, plain
}

// eight is eight bytes as one word, the first the lowest.
func eight(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// marks has the highest bit set of each byte that is a quote or a backslash, up to the first of them; further up there
// may be bits that mean nothing.
func marks(word uint64) uint64 {
	const each, highest = 0x0101010101010101, 0x8080808080808080
	quote, escape := word^each*'"', word^each*'\\'
	return ((quote-each)&^quote | (escape-each)&^escape) & highest
}
