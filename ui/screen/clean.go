package screen

import (
	"encoding/binary"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
	"unsafe"

	"github.com/charmbracelet/x/ansi"
)

// maxMarks is how many combining marks may sit on one letter: more of them draw over other lines.
const maxMarks = 3

// Clean makes text harmless and exactly measurable. Everything that came from a broker passes it before it is drawn,
// and nothing else does that job: control characters become their pictures (␛ for escape), and what would change the
// order, the width or the looks of the text around it, without being seen itself (bidi controls, zero-width characters, private use, bad
// UTF-8) is written out as \u202e or \xff. What is left measures the same whichever way a terminal measures it.
func Clean(text string) string {
	i := firstUnusual(text)
	if i == len(text) || text[i:] == "…" { // of a text that was cut
		return text
	}
	return cleanFrom(text, i)
}

// firstUnusual is where the first byte lies that is not printable ASCII; else the length. It looks at eight at once: to take a
// blank from a byte below it, or to add 1 to a delete, sets the highest bit of that byte, and what it carries reaches bytes behind
// it only.
func firstUnusual(text string) int {
	const ones, highest = 0x0101010101010101, 0x8080808080808080
	data := unsafe.Slice(unsafe.StringData(text), len(text))
	i := 0
	for ; i+8 <= len(data); i += 8 {
		eight := binary.LittleEndian.Uint64(data[i:])
		if (eight|(eight-ones*' ')|(eight+ones))&highest != 0 {
			break
		}
	}
	for i < len(data) && ' ' <= data[i] && data[i] <= '~' {
		i++
	}
	return i
}

// cleanFrom cleans text, whose first bytes are known to be plain.
func cleanFrom(text string, plain int) string {
	var out strings.Builder
	out.Grow(len(text) + 16)
	out.WriteString(text[:plain])
	marks, last := maxMarks, rune(0)
	if plain > 0 {
		marks, last = 0, rune(text[plain-1])
	}
	wide := false
	for _, r := range runesOf(text[plain:]) {
		switch {
		case r.bad, !drawable(r.rune):
			escape(&out, r)
			marks = maxMarks // nothing may combine with an escape
		case unicode.Is(unicode.Variation_Selector, r.rune) && unicode.IsSymbol(last):
			// It only chooses how the symbol before it is drawn, and terminals disagree on the width that gives.
		case unicode.Is(unicode.M, r.rune):
			if marks++; marks > maxMarks || unicode.Is(unicode.Variation_Selector, r.rune) {
				escape(&out, r)
				continue
			}
			out.WriteRune(r.rune)
			wide = true
		default:
			out.WriteRune(r.rune)
			marks, last, wide = 0, r.rune, wide || r.rune > '~'
		}
	}
	if !wide {
		return out.String()
	}
	cleaned, from := out.String(), max(0, plain-1) // the last plain character may have a mark
	if tail := splitClusters(cleaned[from:]); tail != cleaned[from:] {
		return cleaned[:from] + tail
	}
	return cleaned
}

// splitClusters splits the clusters that terminals measure in different ways, such as a face with a skin colour.
func splitClusters(text string) string {
	if ansi.StringWidth(text) == ansi.StringWidthWc(text) {
		return text
	}
	var out strings.Builder
	for len(text) > 0 {
		cluster, width := ansi.FirstGraphemeCluster(text, ansi.GraphemeWidth)
		text = text[len(cluster):]
		if width == ansi.StringWidthWc(cluster) {
			out.WriteString(cluster)
			continue
		}
		first, size := utf8.DecodeRuneInString(cluster)
		if w := ansi.StringWidth(cluster[:size]); w == ansi.StringWidthWc(cluster[:size]) && w > 0 {
			out.WriteString(cluster[:size])
		} else {
			escape(&out, piece{rune: first})
		}
		for _, r := range cluster[size:] {
			escape(&out, piece{rune: r})
		}
	}
	return out.String()
}

// drawable tells whether a rune shows as itself and nothing but itself.
func drawable(r rune) bool {
	return unicode.IsGraphic(r) && !unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) && r != '\u2800'
}

// piece is one rune of a text, or one byte of it that is no UTF-8.
type piece struct {
	rune rune
	bad  bool
}

// runesOf walks text rune by rune and tells bad bytes from a replacement character that was really sent.
func runesOf(text string) func(yield func(int, piece) bool) {
	return func(yield func(int, piece) bool) {
		for i := 0; i < len(text); {
			r, size := utf8.DecodeRuneInString(text[i:])
			p := piece{rune: r}
			if r == utf8.RuneError && size == 1 {
				p = piece{rune: rune(text[i]), bad: true}
			}
			if !yield(i, p) {
				return
			}
			i += size
		}
	}
}

// escape writes a rune as letters that show its number.
func escape(out *strings.Builder, p piece) {
	switch {
	case p.bad:
		fmt.Fprintf(out, `\x%02x`, p.rune)
	case p.rune < ' ':
		out.WriteRune('\u2400' + p.rune)
	case p.rune == 0x7f:
		out.WriteRune('\u2421')
	case p.rune > 0xffff:
		fmt.Fprintf(out, `\U%08x`, p.rune)
	default:
		fmt.Fprintf(out, `\u%04x`, p.rune)
	}
}

// CleanUpTo cleans no more of a text than could fill so many cells, however long the text is.
func CleanUpTo(text string, cells int) string {
	if most := 4*cells + 16; len(text) > most {
		for most > 0 && !utf8.RuneStart(text[most]) {
			most--
		}
		return Clean(text[:most]) + "…"
	}
	return Clean(text)
}

// CleanID cleans a whole identifier, unless it is so long that nobody would read all of it.
func CleanID(id string) string { return CleanUpTo(id, 512) }
