package cli

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/oklog/ulid/v2"
	"github.com/tidwall/gjson"

	"signalbox/bus"
	"signalbox/sources"
)

// newIDs gives entities new IDs: to each the same one everywhere.
type newIDs struct {
	on    bool
	known map[string]string
	given map[string]bool // numbers that were given
	kinds map[string]bool // of entities
}

// newNewIDs gives new IDs where it is on.
func newNewIDs(on bool) newIDs {
	return newIDs{on: on, known: map[string]string{}, given: map[string]bool{}, kinds: map[string]bool{}}
}

// change puts new IDs into a message: for words of its subject, for headers, and for what in its payload is the ID of an entity
// which has come up to then.
func (n *newIDs) change(e *sources.Event, out *bus.Outgoing, separators string) {
	if !n.on {
		return
	}
	if id := e.Entity().ID; id != "" && n.known[id] == "" {
		if digits(id) {
			n.known[strings.Clone(id)] = n.number(id)
		} else {
			n.known[strings.Clone(id)] = fresh(id)
		}
		n.kinds[e.Kind.Name()] = true
	}
	out.Subject = n.words(out.Subject, separators)
	for i := range out.Headers {
		if id := n.known[out.Headers[i].Value]; id != "" {
			out.Headers[i].Value = id
		}
	}
	if gjson.ValidBytes(out.Data) {
		out.Data = n.payload(string(out.Data))
	}
}

// words replaces in a subject: a word, or all of it.
func (n *newIDs) words(subject, separators string) string {
	if id := n.known[subject]; id != "" {
		return id
	}
	if separators == "" {
		return subject
	}
	var to strings.Builder
	for subject != "" {
		end := strings.IndexAny(subject, separators)
		if end < 0 {
			end = len(subject)
		}
		word := subject[:end]
		if id := n.known[word]; id != "" {
			word = id
		}
		to.WriteString(word)
		to.WriteString(subject[end:min(end+1, len(subject))])
		subject = subject[min(end+1, len(subject)):]
	}
	return to.String()
}

// mostNested is how deep in a payload IDs are looked for.
const mostNested = 200

// payload replaces what in JSON is an ID: texts, names of members, and numbers where the name of their member says that they are one. A
// text that is JSON itself is looked through, too.
func (n *newIDs) payload(text string) []byte {
	var to []byte
	done := 0
	put := func(v gjson.Result, written string) {
		to = append(append(to, text[done:v.Index]...), written...)
		done = v.Index + len(v.Raw)
	}
	var look func(v gjson.Result, name string, depth int)
	look = func(v gjson.Result, name string, depth int) {
		switch {
		case depth == mostNested:
		case v.IsObject() || v.IsArray():
			v.ForEach(func(member, value gjson.Result) bool {
				if v.IsArray() {
					look(value, name, depth+1)
					return true
				}
				if id := n.known[member.String()]; id != "" && !digits(member.String()) {
					put(member, quotedJSON(id))
				}
				look(value, member.String(), depth+1)
				return true
			})
		case v.Type == gjson.Number && n.namesID(name):
			if id := n.known[v.Raw]; id != "" {
				put(v, id)
			}
		case v.Type == gjson.String:
			inner := v.String()
			id := n.known[inner]
			if digits(inner) && !n.namesID(name) {
				id = ""
			}
			if id == "" && strings.HasPrefix(inner, "{") && gjson.Valid(inner) {
				id = string(n.payload(inner))
			}
			if id != "" && id != inner {
				put(v, quotedJSON(id))
			}
		}
	}
	look(gjson.Parse(text), "", 0)
	return append(to, text[done:]...)
}

func quotedJSON(text string) string {
	quoted, _ := json.Marshal(text) // a text
	return string(quoted)
}

// namesID tells whether a member of this name holds an ID, or several: what is a number could be anything else.
func (n *newIDs) namesID(name string) bool {
	for _, end := range []string{"id", "ids", "Id", "Ids", "ID", "IDs"} {
		rest, ok := strings.CutSuffix(name, end)
		if ok && (rest == "" || end[0] == 'I' || strings.HasSuffix(rest, "_") || strings.HasSuffix(rest, "-")) {
			return true
		}
	}
	return n.kinds[name]
}

// digits tells whether an ID is a number.
func digits(id string) bool { return id != "" && strings.Trim(id, "0123456789") == "" }

// number is a number that no ID was yet: of nine digits, as every whole number has room for, or of fifteen.
func (n *newIDs) number(id string) string {
	least := int64(1e8)
	if len(id) > 9 {
		least = 1e14
	}
	for {
		more, _ := rand.Int(rand.Reader, big.NewInt(9*least)) // it never fails
		made := strconv.FormatInt(least+more.Int64(), 10)
		if n.known[made] == "" && !n.given[made] {
			n.given[made] = true
			return made
		}
	}
}

// fresh is an ID like another: a ULID, a UUID, or the other with something behind it.
func fresh(id string) string {
	if _, err := ulid.ParseStrict(id); err == nil {
		return ulid.Make().String()
	}
	if parts := strings.Split(id, "-"); len(id) == 36 && len(parts) == 5 {
		b := make([]byte, 16)
		_, _ = rand.Read(b) // it never fails
		b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
		return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
	}
	return id + "-" + strings.ToLower(rand.Text()[:6])
}
