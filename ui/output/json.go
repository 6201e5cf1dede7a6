package output

import (
	"bytes"
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
	for i, c := range line {
		if c >= 0x7f {
			return append(line[:i:i], escapeRunes(line[i:])...)
		}
	}
	return line
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
