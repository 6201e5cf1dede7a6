// Package mask replaces what nobody is to see in messages: headers by their name, and values within JSON by their path. Once they
// are read, rules note only whether they have replaced anything; any goroutine may use them, and nothing waits.
package mask

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/tidwall/gjson"

	"signalbox/bus"
)

// Hidden stands for what was replaced.
const Hidden = "***"

// Rules say what is replaced. The nil Rules replace nothing.
type Rules struct {
	all     []*rule
	headers []header
	paths   []path
	inner   bool // of a value within a payload, which no message is in
}

// rule is one as it is written, and whether it has replaced anything.
type rule struct {
	text string
	met  atomic.Bool
}

func (r *rule) meet() {
	if !r.met.Load() {
		r.met.Store(true)
	}
}

type header struct {
	name string
	of   *rule
}

// path is what is left of a rule's path.
type path struct {
	names []string
	of    *rule
}

// envelopes are the members of a payload in which the data of an event is, where it has an envelope.
var envelopes = []string{"data", "payload"}

// kept is what stands before the name of a header in a payload that has a message within it: in a dead-letter stream of Redis.
const kept = "field:"

// New reads rules: headers.NAME, and data.PATH with a dot between the names of members. data is the payload, what is in it as
// data, and each of its texts that is JSON, which may be a message of its own. An array on the way stands for each of its
// elements, * for any member, and a text that is JSON for what is in it.
func New(texts []string) (*Rules, error) {
	if len(texts) == 0 {
		return nil, nil
	}
	r := &Rules{}
	for _, text := range texts {
		part, rest, _ := strings.Cut(text, ".")
		names, of := strings.Split(rest, "."), &rule{text: text}
		r.all = append(r.all, of)
		switch {
		case slices.Contains(names, ""):
			return nil, fmt.Errorf("%q: want data.NAME, data.NAME.NAME or headers.NAME", text)
		case part == "headers":
			r.headers = append(r.headers, header{rest, of})
		case part == "data":
			r.paths = append(r.paths, path{names, of})
			for _, name := range envelopes {
				r.paths = append(r.paths, path{append([]string{name}, names...), of})
			}
		default:
			return nil, fmt.Errorf("%q: want data.NAME, data.NAME.NAME or headers.NAME", text)
		}
	}
	return r, nil
}

// Unmet are the rules that have replaced nothing so far, as they are written.
func (r *Rules) Unmet() (texts []string) {
	if r == nil {
		return nil
	}
	for _, x := range r.all {
		if !x.met.Load() {
			texts = append(texts, x.text)
		}
	}
	return texts
}

// Message replaces in a message. Its headers are changed in place; its payload is another where anything in it was replaced.
// What looks like JSON and cannot be read is replaced as a whole: nobody can tell what is in it.
func (r *Rules) Message(m *bus.Message) {
	if r == nil {
		return
	}
	r.Headers(m.Headers)
	if data, changed := r.Data(m.Data); changed {
		m.Size += len(data) - len(m.Data)
		m.Data = data
	}
}

// Headers replaces values in place. Names are compared without their case.
func (r *Rules) Headers(all bus.Headers) {
	if r == nil {
		return
	}
	for i := range all {
		if r.header(all[i].Name) {
			all[i].Value = Hidden
		}
	}
}

// header tells whether a header is replaced.
func (r *Rules) header(called string) bool {
	for _, h := range r.headers {
		if strings.EqualFold(h.name, called) {
			h.of.meet()
			return true
		}
	}
	return false
}

// Data replaces in a payload, and tells whether there was anything.
func (r *Rules) Data(data []byte) ([]byte, bool) {
	if r == nil || !looksLikeJSON(data) {
		return data, false
	}
	if !gjson.ValidBytes(data) || deep(data) {
		if len(r.paths) == 0 {
			return data, false
		}
		return []byte(strconv.Quote(Hidden)), true
	}
	w := walk{rules: r, from: string(data)}
	w.value(gjson.Parse(w.from), r.paths, !r.inner)
	if len(w.to) == 0 {
		return data, false
	}
	return append(w.to, w.from[w.done:]...), true
}

func looksLikeJSON(data []byte) bool {
	text := strings.TrimLeft(string(data[:min(len(data), 64)]), " \t\r\n")
	return text == "" && len(data) > 0 || strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[")
}

// mostDepth is how deep JSON may be that is gone through.
const mostDepth = 1000

func deep(data []byte) bool {
	depth, most := 0, 0
	for _, c := range data {
		switch c {
		case '{', '[':
			depth++
			most = max(most, depth)
		case '}', ']':
			depth--
		}
	}
	return most > mostDepth
}

// walk copies JSON, with other values in some places.
type walk struct {
	rules *Rules
	from  string
	to    []byte
	done  int // bytes of from that are in to
}

// value goes through a value, with what is left of the paths that lead here; top says that it is the payload itself, or one of
// several in an array.
func (w *walk) value(v gjson.Result, paths []path, top bool) {
	switch {
	case v.IsObject():
		v.ForEach(func(name, member gjson.Result) bool {
			w.member(name.String(), member, paths, top)
			return true
		})
	case v.IsArray():
		v.ForEach(func(_, element gjson.Result) bool {
			w.value(element, paths, top)
			return true
		})
	case v.Type == gjson.String:
		w.text(v, &Rules{paths: paths, inner: true})
	}
}

func (w *walk) member(name string, v gjson.Result, paths []path, top bool) {
	var next []path
	called, isKept := strings.CutPrefix(name, kept)
	whole := top && isKept && w.rules.header(called)
	for _, p := range paths {
		if p.names[0] != "*" && p.names[0] != name {
			continue
		}
		if len(p.names) == 1 {
			p.of.meet()
			whole = true
			continue
		}
		next = append(next, path{p.names[1:], p.of})
	}
	switch {
	case whole:
		w.replace(v.Index, len(v.Raw), Hidden)
	case top && v.Type == gjson.String && looksLikeJSON([]byte(v.Str)) && gjson.Valid(v.Str):
		w.text(v, &Rules{headers: w.rules.headers, paths: append(next, w.rules.paths...)})
	case len(next) > 0:
		w.value(v, next, false)
	}
}

// text goes through what is in a text.
func (w *walk) text(v gjson.Result, rules *Rules) {
	if data, changed := rules.Data([]byte(v.String())); changed {
		w.replace(v.Index, len(v.Raw), string(data))
	}
}

func (w *walk) replace(at, size int, text string) {
	quoted, _ := json.Marshal(text) // a text
	w.to = append(append(w.to, w.from[w.done:at]...), quoted...)
	w.done = at + size
}
