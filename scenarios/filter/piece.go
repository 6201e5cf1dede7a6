package filter

import (
	"slices"
	"strings"

	"signalbox/scenarios/expression"
)

// The names that narrow, as in type:PICKUP*.
var (
	eventKeys  = []string{"type", "station", "entity", "status", "subject", "bus"}
	entityKeys = []string{"kind", "id", "status", "entity"}
)

// wordOperators are the operators of expressions that look like words.
var wordOperators = []string{"and", "or", "in", "contains", "startsWith", "endsWith", "matches", "not"}

// piece is a part of a filter between blanks: a word, a quoted phrase, or something:narrowing. Any may begin with a
// minus. Where it is part of an expression, its text is what was written.
type piece struct {
	from, to int // in the text
	not      bool
	key      string // "type" in type:PICKUP*
	text     string // without minus, key and quotes
	quoted   bool
}

// pieces takes a text apart at blanks that are outside of quotes.
func pieces(text string) []piece {
	var list []piece
	for i := 0; i < len(text); {
		if text[i] <= ' ' {
			i++
			continue
		}
		from := i
		for i < len(text) && text[i] > ' ' {
			if c := text[i]; c == '"' || c == '`' {
				i = endOfQuote(text, i)
			} else {
				i++
			}
		}
		list = append(list, newPiece(text[from:i], from))
	}
	return list
}

func endOfQuote(text string, i int) int {
	for j := i + 1; j < len(text); j++ {
		switch {
		case text[j] == '\\' && text[i] != '`':
			j++
		case text[j] == text[i]:
			return j + 1
		}
	}
	return i + 1 // a quote that nothing closes is a letter like others
}

func newPiece(written string, from int) piece {
	p := piece{from: from, to: from + len(written), text: written}
	if len(p.text) > 1 && p.text[0] == '-' {
		p.not, p.text = true, p.text[1:]
	}
	if key, rest, ok := strings.Cut(p.text, ":"); ok && rest != "" && nameLike(key) {
		p.key = key
		if phrase, quoted := unquoted(rest); quoted {
			p.text, p.quoted = key+":"+phrase, true
		} else if rest == `""` || rest == "``" { // type:"" is what has no type
			p.text, p.quoted = key+":", true
		}
	} else if phrase, quoted := unquoted(p.text); quoted {
		p.text, p.quoted = phrase, true
	}
	return p
}

// nameLike tells whether a text is letters, digits and _, as a key is.
func nameLike(s string) bool {
	for i := range len(s) {
		if c := s[i]; c != '_' && (c|0x20 < 'a' || 'z' < c|0x20) && (i == 0 || c < '0' || '9' < c) {
			return false
		}
	}
	return true
}

func unquoted(s string) (string, bool) {
	if len(s) > 2 && (s[0] == '"' || s[0] == '`') && s[len(s)-1] == s[0] && endOfQuote(s, 0) == len(s) {
		return strings.ReplaceAll(s[1:len(s)-1], `\"`, `"`), true
	}
	return s, false
}

// narrows tells whether p is one of some keys with a glob.
func (p piece) narrows(keys []string) bool { return slices.Contains(keys, p.key) }

// ofExpression tells whether p begins with a name of the scope, so that it is no word in front of an expression.
func (p piece) ofExpression(scope *expression.Scope) bool {
	end := strings.IndexFunc(p.text, func(r rune) bool { return r != '_' && (r < 'a' || 'z' < r) && (r < 'A' || 'Z' < r) })
	if end < 0 {
		end = len(p.text)
	}
	return !p.quoted && scope.Has(strings.TrimLeft(p.text[:end], "!"))
}

// isExpression tells whether pieces are, or end in, an expression rather than words.
func isExpression(list []piece, scope *expression.Scope) bool {
	for i, p := range list {
		if p.quoted {
			continue
		}
		if operator(p.text) {
			return true
		}
		if !p.ofExpression(scope) {
			continue
		}
		if strings.ContainsAny(p.text, ".[") || scope.IsTruth(p.text) && len(list) == 1 {
			return true
		}
		before, after := i > 0 && list[i-1].text == "not", i+1 < len(list) && slices.Contains(wordOperators, list[i+1].text)
		if before || after || asksForText(list[:i]) {
			return true
		}
	}
	return false
}

// asksForText tells whether pieces end in a question about a quoted text, as "budget" in changed has before its name.
func asksForText(list []piece) bool {
	n := len(list) - 1
	if n < 1 || list[n].text != "in" || list[n].quoted {
		return false
	}
	if list[n-1].text == "not" {
		n--
	}
	return n > 0 && list[n-1].quoted
}

// operator tells whether a text has an operator in it that words have not.
func operator(text string) bool {
	for _, o := range []string{"==", "!=", "<", ">", "&&", "||", "??", "(", ")", "!"} {
		if strings.Contains(text, o) {
			return true
		}
	}
	return false
}
