package output

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf8"
)

// WriteJSON writes one value as one line.
func WriteJSON(out io.Writer, value any) error {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	_, err := out.Write(plainJSON(line.Bytes()))
	return err
}

// plainJSON escapes, inside JSON, what a terminal might act upon and what would hide or turn around its surroundings.
// It stays the same JSON.
func plainJSON(line []byte) []byte {
	if i := firstUnusual(line); i < len(line) {
		return append(line[:i:i], escapeRunes(line[i:])...)
	}
	return line
}

// firstUnusual is where the first byte lies that is not ASCII, or is a delete; else the length. It looks at eight at once,
// four times where there is so much: adding 1 to each sets the highest bit of a delete, and no byte below carries over into
// the next.
func firstUnusual(line []byte) int {
	const ones, highest = 0x0101010101010101, 0x8080808080808080
	unusual := func(i int) uint64 {
		eight := binary.LittleEndian.Uint64(line[i:])
		return (eight | (eight + ones)) & highest
	}
	i := 0
	for i+32 <= len(line) && unusual(i)|unusual(i+8)|unusual(i+16)|unusual(i+24) == 0 {
		i += 32
	}
	for i+8 <= len(line) && unusual(i) == 0 {
		i += 8
	}
	for i < len(line) && line[i] < 0x7f {
		i++
	}
	return i
}

func escapeRunes(text []byte) []byte {
	out := make([]byte, 0, len(text)+16)
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r != 0x7f && unicode.IsGraphic(r) && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r):
			out = append(out, text[:size]...)
		case r > 0xffff:
			r -= 0x10000
			out = fmt.Appendf(out, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		case r < ' ':
			out = append(out, byte(r))
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		text = text[size:]
	}
	return out
}
