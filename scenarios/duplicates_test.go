package scenarios

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"signalbox/bus/bustest/hostile"
	"signalbox/scenarios/expression"
	"signalbox/sources"
	"signalbox/sources/state"
)

// duplicates are objects with members of one name.
var duplicates = []string{
	`{"type":"A","type":"B","order_id":"1","order_id":"2","n":1,"n":2}`,
	`{"type":"A","order_id":"1","n":1,"n":null,"m":null,"m":1}`,
	`{"type":"A","order_id":"1","n":{"a":1,"a":2},"n":{"b":1,"b":[1,2],"b":[]}}`,
	`{"type":"A","order_id":"1","n":"A","n":"x","m":"x","m":"A"}`,
	`{"type":"A","order_id":"1","n":"x","\u006e":"y","m":"x","\u006D":7,"m":8.5}`,
	`{"type":"A","order_id":"1","status":"a","status":"b","state":"c","state":"d"}`,
}

// Of members with one name the last counts: in expressions, in states and in what encoding/json reads of what is printed,
// where the payload stands as it was written.
func TestOfMembersWithOneNameTheLastCounts(t *testing.T) {
	texts := duplicates
	for _, s := range hostile.Payloads() {
		texts = append(texts, s.Text)
	}
	objects := 0
	for _, text := range texts {
		var want map[string]json.RawMessage
		if !utf8.ValidString(text) || !strings.HasPrefix(strings.TrimSpace(text), "{") || json.Unmarshal([]byte(text), &want) != nil {
			continue
		}
		objects++
		w := newWorld(t)
		e := w.send("somewhere", text)
		var line struct{ Data json.RawMessage }
		if err := json.Unmarshal(e.AppendJSON(nil), &line); err != nil {
			t.Errorf("%.80s is printed as what is no JSON: %v", text, err)
		}
		var printed map[string]json.RawMessage
		if len(line.Data) > 0 && line.Data[0] == '{' { // what is nested too deep is printed as a text
			if err := json.Unmarshal(line.Data, &printed); err != nil {
				t.Errorf("%.80s: %v", text, err)
			}
		}
		compared := 0
		for name, raw := range want {
			if compared++; compared > 50 {
				break
			}
			is := expression.FromJSON(string(raw))
			if got := expression.FromJSON(string(printed[name])); printed != nil && !sameJSON(got, is) {
				t.Errorf("%.80s: printed is %q: %s, want %s", text, name, got, is)
			}
			if strings.ContainsRune(name, utf8.RuneError) {
				continue // a lone surrogate, which encoding/json does not tell from others
			}
			if got := expression.Member(expression.FromJSON(strings.TrimSpace(text)), name); !sameJSON(got, is) {
				t.Errorf("%.80s: a member %q: %s, want %s", text, name, got, is)
			}
			var lookup expression.Lookup
			var document expression.Document
			slot := lookup.Slot(name)
			if document.Reset(text, &lookup); !sameJSON(document.Member(slot), is) {
				t.Errorf("%.80s: the member %q: %s, want %s", text, name, document.Member(slot), is)
			}
			if s := w.states[e.Entity()]; s != nil && s.Version > 0 {
				if got, ok := fieldOf(s, name); ok && !sameJSON(got, is) && (is.Kind() != state.Text || is.Text() != e.Type) {
					t.Errorf("%.80s: the state's %q is %s, want %s", text, name, got, is)
				}
			}
		}
	}
	if objects < len(duplicates)+20 {
		t.Errorf("only %d objects were compared", objects)
	}
}

func sameJSON(a, b expression.Value) bool { return a.Equal(b) || a.String() == b.String() }

// fieldOf is the field of a state, if its kind knows it.
func fieldOf(s *state.State, name string) (state.Value, bool) {
	for slot := range s.Len() {
		if s.Kind.Field(slot) == name {
			return s.Get(slot), true
		}
	}
	return state.Value{}, false
}

func TestEntityAndTypeOfDuplicates(t *testing.T) {
	for text, want := range map[string]struct{ kind, entity, id string }{
		duplicates[0]: {"B", "order", "2"},
		`{"type":"A","order_id":"1","order_id":null}`:                        {"A", "", ""},
		`{"type":"A","order_id":null,"order_id":"1"}`:                        {"A", "order", "1"},
		`{"type":"A","order_id":"1","cart_id":"2","order_id":"3"}`:           {"A", "order", "3"},
		`{"type":"A","data":{"order_id":"1","order_id":"2"}}`:                {"A", "order", "2"},
		`{"type":"A","order_id":"9","data":{"order_id":"1","order_id":"2"}}`: {"A", "order", "9"},
		`{"type":"orders.new","data":{"id":"1","id":"2"}}`:                   {"orders.new", "order", "2"},
		`{"type":"orders.new","id":"9","data":{"id":"1","id":"2"}}`:          {"orders.new", "order", "9"},
		`{"type":"A","data":{"order_id":"1"},"data":{"order_id":"2"},"n":1}`: {"A", "order", "2"},
		`{"type":"A","order_id":"1","\u006frder_id":"2"}`:                    {"A", "order", "2"},
	} {
		e := &sources.Event{Received: sources.Received{Station: "s", Subject: "x", Data: []byte(text)}}
		shared.Domains().Understand(e)
		if got := e.Entity(); e.Type != want.kind || got.Kind != want.entity || got.ID != want.id {
			t.Errorf("%s: type %q, %s/%s; want %q, %s/%s", text, e.Type, got.Kind, got.ID, want.kind, want.entity, want.id)
		}
	}
}

// What names the type says nothing of the state, and neither does what another member of its name takes the place of.
func TestDuplicatesInAState(t *testing.T) {
	w := newWorld(t)
	w.send("x", `{"type":"A","type":"B","parcel_id":"p","n":1,"n":2,"m":"x","m":"B","status":"a","status":"b"}`)
	w.want("parcel", "p", 1, `{"parcel_id":"p","n":2,"status":"b"}`)
	if changes := w.send("x", `{"type":"B","parcel_id":"p","n":7,"n":2,"k":1,"k":null}`).Changes; len(changes) != 0 {
		t.Errorf("what the last members leave as it is changed: %v", changes)
	}
	w.send("x", `{"type":"B","parcel_id":"q","state":"x","state":1}`)
	w.want("parcel", "q", 1, `{"parcel_id":"q","state":1}`)
}
