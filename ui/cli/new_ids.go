package cli

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
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
}

// change puts new IDs into a message: for words of its subject, for headers, and for texts in its payload that are the ID of an
// entity which has come up to then.
func (n *newIDs) change(e *sources.Event, out *bus.Outgoing, separators string) {
	if !n.on {
		return
	}
	if id := e.Entity().ID; id != "" && n.known[id] == "" {
		n.known[strings.Clone(id)] = fresh(id)
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

// payload replaces the texts in JSON that are IDs. A text that is JSON itself is looked through, too.
func (n *newIDs) payload(text string) []byte {
	var to []byte
	done := 0
	var look func(v gjson.Result, depth int)
	look = func(v gjson.Result, depth int) {
		switch {
		case depth == mostNested:
		case v.IsObject() || v.IsArray():
			v.ForEach(func(_, member gjson.Result) bool {
				look(member, depth+1)
				return true
			})
		case v.Type == gjson.String:
			inner := v.String()
			id := n.known[inner]
			if id == "" && strings.HasPrefix(inner, "{") && gjson.Valid(inner) {
				id = string(n.payload(inner))
			}
			if id != "" && id != inner {
				quoted, _ := json.Marshal(id) // a text
				to = append(append(to, text[done:v.Index]...), quoted...)
				done = v.Index + len(v.Raw)
			}
		}
	}
	look(gjson.Parse(text), 0)
	return append(to, text[done:]...)
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
