package screen

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Charset is what a terminal can show: everything, or ASCII only. It is decided here and nowhere else: what draws, draws
// with every sign, and what a terminal cannot show is replaced on the way to it.
type Charset struct{ ascii bool }

// CharsetFor decides by the variables of an environment: a terminal that is dumb, or a locale that is not UTF-8, shows
// ASCII. An environment that names no locale says nothing.
func CharsetFor(variable func(name string) string) Charset {
	locale := ""
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale = variable(name); locale != "" {
			break
		}
	}
	utf := strings.Contains(strings.ReplaceAll(strings.ToLower(locale), "-", ""), "utf8")
	return Charset{ascii: variable("TERM") == "dumb" || locale != "" && !utf}
}

// Plain tells whether only ASCII can be shown.
func (c Charset) Plain() bool { return c.ascii }

// signs are all that the program draws beyond ASCII, and what stands for each where that cannot be shown. Each is one
// cell, and so is what stands for it.
var signs = map[rune]byte{
	'─': '-', '│': '|', '╭': '+', '╮': '+', '╰': '+', '╯': '+', '┃': '#',
	'├': '+', '┤': '+', '┬': '+', '┴': '+', '┼': '+',
	'▌': '>', '▸': '+', '▾': '-', '●': '*', '○': 'o', '◌': 'o', '•': '*',
	'✓': '+', '✗': 'x', '×': 'x', '–': '-', '—': '-', '·': '-', '…': '~', 'µ': 'u',
	'≥': '>', '≤': '<', '≠': '!', '←': '<', '→': '>', '↑': '^', '↓': 'v',
	'▁': '_', '▂': '.', '▃': '-', '▄': ':', '▅': '=', '▆': '+', '▇': '*', '█': '#', '░': '.', '▓': '=',
}

// Show is clean text as the terminal can show it, cell for cell; a foreign letter becomes a question mark for each of its
// cells.
func (c Charset) Show(text string) string {
	if !c.ascii || isASCII(text) {
		return text
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf && (i+1 == len(text) || text[i+1] < utf8.RuneSelf) {
			out = append(out, text[i])
			i++
			continue
		}
		cluster, width := ansi.FirstGraphemeCluster(text[i:], ansi.GraphemeWidth)
		i += len(cluster)
		r, _ := utf8.DecodeRuneInString(cluster) // what follows in the cluster are marks
		if sign, ok := signs[r]; ok {
			out = append(out, sign)
			width--
		} else if r < utf8.RuneSelf {
			out = append(out, byte(r))
			width--
		}
		for range width {
			out = append(out, '?')
		}
	}
	return string(out)
}

// Lines are lines of text as the terminal can show them. Nothing of a foreign letter is lost: its number stands for it.
func (c Charset) Lines(text []byte) []byte {
	if !c.ascii || isASCII(text) {
		return text
	}
	out := make([]byte, 0, len(text)+len(text)/2)
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		sign, ok := signs[r]
		switch {
		case r < utf8.RuneSelf:
			out = append(out, byte(r))
		case ok:
			out = append(out, sign)
		case r == utf8.RuneError && size == 1:
			out = fmt.Appendf(out, `\x%02x`, text[i])
		case r > 0xffff:
			out = fmt.Appendf(out, `\U%08x`, r)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		i += size
	}
	return out
}

func isASCII[T string | []byte](text T) bool {
	for i := 0; i < len(text); i++ {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
