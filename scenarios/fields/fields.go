// Package fields watches which of the fields that expressions name are in what is read. A misspelt one is no mistake to an
// expression, for it is absent from many events; where nothing at all has it, whoever wrote it is told.
//
// See is for one goroutine, the engine's, and Missing for any. An event is looked through only as long as a field was not seen.
package fields

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"

	"signalbox/scenarios/expression"
	"signalbox/scenarios/filter"
	"signalbox/scenarios/nearest"
	"signalbox/sources"
	"signalbox/sources/payload"
)

// Fields are those that were named, as far as no event had them.
type Fields struct {
	mu     sync.Mutex
	wanted []*field
	looked int // events that were looked through
}

// gathered bounds the events of which the names are remembered, and namesOf how many are, for each field.
const (
	gathered = 5000
	namesOf  = 500
)

// OfFilters watches the fields that filters of events name.
func (f *Fields) OfFilters(texts ...string) {
	for _, text := range texts {
		f.add(filter.Uses(text))
	}
}

// OfExpressions watches the fields that expressions name, with commas between them, or what is computed of one: sum(data.price).
func (f *Fields) OfExpressions(texts ...string) {
	for _, text := range texts {
		f.add(expression.Read("[" + text + "]").Uses)
	}
}

func (f *Fields) add(uses []expression.Use) {
	for _, use := range uses {
		known := slices.ContainsFunc(f.wanted, func(w *field) bool { return slices.Equal(w.path, use.Path) })
		if len(use.Path) > 1 && places[use.Path[0]] != "" && !known {
			f.wanted = append(f.wanted, &field{path: use.Path, depth: 1, names: map[string]bool{}})
		}
	}
}

// None tells whether no field is watched, or each was seen.
func (f *Fields) None() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.wanted) == 0
}

// See looks an event through.
func (f *Fields) See(e *sources.Event) {
	if f == nil || len(f.wanted) == 0 {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.looked++
	gather := f.looked <= gathered
	f.wanted = slices.DeleteFunc(f.wanted, func(w *field) bool { return w.in(e, gather) })
}

// Missing says of each field that nothing had it, with the nearest name that was there. It says nothing where nothing was read.
func (f *Fields) Missing() (all []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, w := range f.wanted {
		if !w.asked {
			continue
		}
		names := slices.Sorted(maps.Keys(w.names))
		said := "no " + places[w.path[0]] + " has " + strings.Join(w.path, ".")
		if name := nearest.Name(strings.Join(w.path[:w.depth+1], "."), names); name != "" {
			said += "; the nearest is " + name
		} else if len(names) > 0 && len(names) <= fewNames {
			said += "; there are " + strings.Join(names, ", ")
		}
		all = append(all, said)
	}
	return all
}

// fewNames are all told where none is near.
const fewNames = 12

// places are what has the fields of a name.
var places = map[string]string{"data": "event", "headers": "event", "state": "entity", "before": "entity", "changed": "entity"}

// field is one that was named.
type field struct {
	path  []string        // as in data.price
	asked bool            // there was something that could have had it
	depth int             // how much of the path something had
	names map[string]bool // that were there instead of the next part of the path
}

// in tells whether an event has the field, or whether that cannot be told.
func (w *field) in(e *sources.Event, gather bool) bool {
	switch w.path[0] {
	case "data":
		w.asked = true
		body := e.Data
		if e.Body != nil {
			body = e.Body
		}
		return w.inData(body, 1, gather)
	case "headers":
		w.asked = true
		for _, h := range e.Headers {
			if h.Name == w.path[1] {
				return true
			}
			w.note(h.Name, 1)
		}
		return false
	}
	if e.Kind == nil {
		return false
	}
	w.asked = true
	_, ok := e.Kind.Find(w.path[1])
	for slot := 0; slot < e.Kind.Len() && !ok && gather; slot++ {
		w.note(e.Kind.Field(slot), 1)
	}
	return ok
}

// inData tells whether what stands at a depth of an event's data has the rest of the path. Of a list it cannot be told, nor of a
// text, which may hold anything.
func (w *field) inData(data []byte, depth int, gather bool) bool {
	data = bytes.TrimSpace(data)
	if len(data) == 0 || data[0] != '{' {
		return depth > 1 && len(data) > 0 && (data[0] == '[' || data[0] == '"')
	}
	if !gather && !bytes.Contains(data, []byte(w.path[depth])) && bytes.IndexByte(data, '\\') < 0 {
		return false
	}
	var value []byte
	there := false
	valid := payload.Members(data, payload.MostNesting, func(name, x []byte) {
		switch text := written(name); {
		case text == w.path[depth]:
			there, value = true, x
		case gather:
			w.note(text, depth)
		}
	})
	switch {
	case !valid || !there:
		return false
	case depth+1 == len(w.path):
		return true
	}
	w.reach(depth + 1)
	return w.inData(value, depth+1, gather)
}

// note remembers a name that was there instead, where as much of the path was.
func (w *field) note(name string, depth int) {
	if w.reach(depth); depth == w.depth && len(w.names) < namesOf {
		w.names[strings.Join(w.path[:depth], ".")+"."+name] = true
	}
}

// reach forgets the names that stood beside a part of the path, once something has that part.
func (w *field) reach(depth int) {
	if depth > w.depth {
		w.depth, w.names = depth, map[string]bool{}
	}
}

// written is what a name in JSON says.
func written(name []byte) string {
	if bytes.IndexByte(name, '\\') < 0 {
		return string(name[1 : len(name)-1])
	}
	var text string
	_ = json.Unmarshal(name, &text) // it was read as a text
	return text
}
