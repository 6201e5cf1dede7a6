package chart

import "strings"

// span is a part of a text.
type span struct{ from, to int }

// spans are the parts of a text between separators, of those outside of quotes and brackets. One may be empty.
func spans(text string, separates func(c byte) bool) []span {
	var all []span
	depth, quote, from := 0, byte(0), 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quote != 0 && c == '\\' && quote != '`':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'' || c == '`':
			quote = c
		case strings.IndexByte("([{", c) >= 0:
			depth++
		case strings.IndexByte(")]}", c) >= 0:
			depth--
		case depth <= 0 && separates(c):
			all = append(all, span{from, i})
			from = i + 1
		}
	}
	return append(all, span{from, len(text)})
}
