package filter

import (
	"strings"
	"unicode/utf8"

	"signalbox/bus/glob"
	"signalbox/scenarios/expression"
	"signalbox/sources"
)

// term is a word, or a glob for one part of what is filtered.
type term struct {
	not   bool
	key   string // "" for a word
	text  string // in lower case
	exact bool   // no wildcard in it
	plain bool   // ASCII only
}

func newTerm(p piece) term {
	t := term{not: p.not, text: strings.ToLower(p.text)}
	for _, keys := range [][]string{eventKeys, entityKeys} {
		if p.narrows(keys) {
			t.key, t.text = p.key, strings.ToLower(p.text[len(p.key)+1:])
		}
	}
	t.exact = !strings.ContainsAny(t.text, "*?")
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
		return t.glob(e.Type)
	case "station":
		return t.glob(e.Station)
	case "subject":
		return t.glob(e.Subject)
	case "bus":
		return t.glob(e.Bus)
	case "entity":
		return e.Kind != nil && t.entity(e.Entity())
	case "status":
		return t.glob(statusAfter(e))
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

// statusAfter is the status that an event led to, "rejected" or "failed", or "".
func statusAfter(e *sources.Event) string {
	switch {
	case e.Rejected != "":
		return "rejected"
	case e.Failed != "" || e.Problem != "":
		return "failed"
	}
	return e.Status
}

// ofEntity tells whether an entity has what the term says.
func (t *term) ofEntity(row *sources.EntityRow) bool {
	switch t.key {
	case "kind":
		return t.glob(row.Kind)
	case "id":
		return t.glob(row.ID) || t.exact && hasPrefixFold(row.ID, t.text)
	case "status":
		return t.glob(row.Status)
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

// entity tells whether the glob is of an entity's kind, id or both; an id may be cut short, as panes show it.
func (t *term) entity(e sources.Entity) bool {
	if kind, id, ok := strings.Cut(t.text, "/"); ok {
		return glob.MatchFold(kind, e.Kind) && (glob.MatchFold(id, e.ID) || t.exact && hasPrefixFold(e.ID, id))
	}
	return t.glob(e.Kind) || t.glob(e.ID) || t.exact && hasPrefixFold(e.ID, t.text)
}

func (t *term) glob(s string) bool {
	if t.exact {
		return len(s) == len(t.text) && strings.EqualFold(s, t.text)
	}
	return glob.MatchFold(t.text, s)
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
