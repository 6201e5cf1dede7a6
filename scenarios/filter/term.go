package filter

import (
	"strings"
	"unicode/utf8"

	"signalbox/bus/glob"
	"signalbox/scenarios/expression"
	"signalbox/sources"
)

// term is a word, or what one part of what is filtered has to be like: a glob, all of it where it is quoted, else what it
// begins with.
type term struct {
	not   bool
	key   string // "" for a word
	text  string // in lower case
	form  form
	plain bool // ASCII only
}

// form is how a term narrows.
type form byte

const (
	begins form = iota // type:PICK
	whole              // type:"PICKUP_PRODUCTS"
	globs              // type:P*K*
)

func newTerm(p piece) term {
	t := term{not: p.not, text: strings.ToLower(p.text)}
	for _, keys := range [][]string{eventKeys, entityKeys} {
		if p.narrows(keys) {
			t.key, t.text = p.key, strings.ToLower(p.text[len(p.key)+1:])
		}
	}
	switch {
	case strings.ContainsAny(t.text, "*?"):
		t.form = globs
	case p.quoted:
		t.form = whole
	}
	t.plain = true
	for i := range len(t.text) {
		t.plain = t.plain && t.text[i] < utf8.RuneSelf
	}
	return t
}

// ofEvent tells whether an event has what the term says.
func (t *term) ofEvent(e *sources.Event) bool {
	switch t.key {
	case "type":
		return t.like(t.text, e.Type)
	case "station":
		return t.like(t.text, e.Station)
	case "subject":
		return t.like(t.text, e.Subject)
	case "bus":
		return t.like(t.text, e.Bus)
	case "entity":
		if e.Kind == nil {
			return t.form == whole && t.text == ""
		}
		return t.entity(e.Entity())
	case "status":
		return t.like(t.text, statusAfter(e))
	}
	if t.in(expression.View(e.Data)) || t.in(e.Type) || t.in(e.Subject) || t.in(e.Station) || t.in(e.ID) || t.in(e.Rejected) || t.in(e.Problem) || t.in(e.Failed) {
		return true
	}
	if e.Kind != nil && t.in(e.Kind.Name()) {
		return true
	}
	for i := range e.Headers {
		if t.in(e.Headers[i].Name) || t.in(e.Headers[i].Value) {
			return true
		}
	}
	return false
}

// statusAfter is the status that an event led to, or the word for what went wrong with it, or "".
func statusAfter(e *sources.Event) string {
	if fault, _ := e.Fault(); fault != "" {
		return string(fault)
	}
	return e.Status
}

// ofEntity tells whether an entity has what the term says.
func (t *term) ofEntity(row *sources.EntityRow) bool {
	switch t.key {
	case "kind":
		return t.like(t.text, row.Kind)
	case "id":
		return t.like(t.text, row.ID)
	case "status":
		return t.like(t.text, row.Status)
	case "entity":
		return t.entity(row.Entity)
	}
	if t.in(row.Kind) || t.in(row.ID) || t.in(row.Status) {
		return true
	}
	for i := range row.Fields {
		if t.in(row.Fields[i].Name) || t.in(row.Fields[i].Value.String()) {
			return true
		}
	}
	return false
}

// entity tells whether an entity's kind, its id, or both are as the term says.
func (t *term) entity(e sources.Entity) bool {
	if kind, id, ok := strings.Cut(t.text, "/"); ok && t.like(kind, e.Kind) && t.like(id, e.ID) {
		return true
	}
	return t.like(t.text, e.Kind) || t.like(t.text, e.ID)
}

// like tells whether s is as the term's text, or a part of that, says; the case of letters does not count.
func (t *term) like(text, s string) bool {
	switch {
	case t.form == globs:
		return glob.MatchFold(text, s)
	case t.form == whole:
		return strings.EqualFold(s, text)
	case t.plain:
		return hasPrefixFold(s, text)
	}
	return strings.HasPrefix(strings.ToLower(s), text)
}

// in tells whether the word is in a text, whatever the case of its letters.
func (t *term) in(s string) bool {
	if len(t.text) > len(s) {
		return false
	}
	if !t.plain {
		return strings.Contains(strings.ToLower(s), t.text)
	}
	return containsFold(s, t.text)
}

// containsFold tells whether s holds word, which is ASCII in lower case.
func containsFold(s, word string) bool {
	lower := word[0]
	upper := lower
	if 'a' <= lower && lower <= 'z' {
		upper = lower - 'a' + 'A'
	}
	for from := 0; from+len(word) <= len(s); from++ {
		next := strings.IndexByte(s[from:], lower)
		if upper != lower {
			end := len(s)
			if next >= 0 {
				end = from + next
			}
			if other := strings.IndexByte(s[from:end], upper); other >= 0 {
				next = other
			}
		}
		if next < 0 {
			return false
		}
		from += next
		if hasPrefixFold(s[from:], word) {
			return true
		}
	}
	return false
}

// hasPrefixFold tells whether s begins with prefix, which is in lower case.
func hasPrefixFold(s, prefix string) bool {
	if len(prefix) > len(s) {
		return false
	}
	for i := range len(prefix) {
		if lower(s[i]) != prefix[i] {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
