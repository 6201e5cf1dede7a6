package understand

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"signalbox/scenarios/expression"
	"signalbox/sources"
)

// unreadable tells whether the payload of the event in hand cannot be read, and notes why.
func (g *generic) unreadable(e *sources.Event) bool {
	if problem := g.problem(e); problem != "" {
		e.Problem, e.Undecodable = problem, true
	}
	return e.Undecodable
}

// problem says why the payload of the event in hand cannot be understood, or "".
func (g *generic) problem(e *sources.Event) string {
	if len(e.Data) == 0 || g.u.view.Payload.IsObject() || expression.IsJSON(g.u.view.Payload.Raw()) {
		return ""
	}
	if e.Size > len(e.Data) {
		return fmt.Sprintf("only the first %s of %s bytes were read", commas(len(e.Data)), commas(e.Size))
	}
	if !printable(e.Data) {
		return fmt.Sprintf("binary, %s bytes", commas(len(e.Data)))
	}
	const most = 40
	text := clip(string(e.Data[:min(len(e.Data), 2*most)]), most)
	if len(text) < len(e.Data) {
		return fmt.Sprintf("not JSON: %q…, %s bytes", text, commas(len(e.Data)))
	}
	return fmt.Sprintf("not JSON: %q", text)
}

// printable tells whether bytes are a text: their beginning is looked at.
func printable(data []byte) bool {
	const most = 4096
	whole := len(data) <= most
	if !whole {
		data = data[:most]
	}
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			return !whole && len(data) < utf8.UTFMax
		}
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' && r != 0x1b {
			return false
		}
		data = data[size:]
	}
	return true
}

// commas writes a number with commas between thousands.
func commas(n int) string {
	s := strconv.Itoa(n)
	var out strings.Builder
	for i, c := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			out.WriteByte(',')
		}
		out.WriteRune(c)
	}
	return out.String()
}
