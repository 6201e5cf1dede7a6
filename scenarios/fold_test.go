package scenarios

import (
	"encoding/json"
	"maps"
	"testing"

	"github.com/google/go-cmp/cmp"

	"signalbox/bus"
	"signalbox/sources"
	"signalbox/sources/state"
)

// shared is the built-in library, read once for all tests.
var shared = Builtin()

// world folds events as an engine does: one state for each entity, found by id, by another name, or alone.
type world struct {
	t       *testing.T
	domains sources.Domains
	states  map[sources.Entity]*state.State
	names   map[string]sources.Entity
	partial bool // entities that are new had events that were not seen
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return &world{t: t, domains: shared.Domains(), states: map[sources.Entity]*state.State{}, names: map[string]sources.Entity{}}
}

// send understands and folds one message; what it came to is in the event.
func (w *world) send(station, payload string, headers ...bus.Header) *sources.Event {
	w.t.Helper()
	return w.take(&sources.Event{Received: sources.Received{
		Station: station, Subject: station, Data: []byte(payload), Headers: headers,
	}})
}

func (w *world) take(e *sources.Event) *sources.Event {
	w.domains.Understand(e)
	if e.Kind == nil {
		return e.Clone()
	}
	at, kind := e.Entity(), e.Kind
	for _, name := range e.Names {
		if known, ok := w.names[name]; ok && at.ID == "" {
			at = known
		}
	}
	if at.ID == "" && e.AloneKind != nil {
		at, kind = sources.Entity{Kind: e.AloneKind.Name(), ID: e.AloneID}, e.AloneKind
	}
	if at.ID == "" {
		return e.Clone()
	}
	at.ID = string([]byte(at.ID))
	e.ID = at.ID
	for _, name := range e.Names {
		w.names[string([]byte(name))] = at
	}
	s := w.states[at]
	if s == nil {
		s = &state.State{}
		s.Reset(kind)
		s.Partial = w.partial
		w.states[at] = s
	}
	if e.Fold == nil {
		return e.Clone()
	}
	refused, err := e.Fold.Apply(e, s)
	switch {
	case err != nil:
		e.Failed = err.Error()
		s.Undo()
	case refused != "":
		e.Rejected = refused
		s.Undo()
	default:
		s.Version++
		s.Commit()
	}
	e.Version = s.Version
	return e.Clone()
}

// state is an entity's state as JSON.
func (w *world) state(kind, id string) map[string]any {
	w.t.Helper()
	s := w.states[sources.Entity{Kind: kind, ID: id}]
	if s == nil {
		return nil
	}
	raw, err := json.Marshal(s.Map())
	if err != nil {
		w.t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(raw, &out); err != nil {
		w.t.Fatal(err)
	}
	return out
}

// want compares an entity's state and version.
func (w *world) want(kind, id string, version uint64, state string) {
	w.t.Helper()
	var want map[string]any
	if err := json.Unmarshal([]byte(state), &want); err != nil {
		w.t.Fatal(err)
	}
	got := maps.Clone(w.state(kind, id))
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Errorf("state of %s/%s (-want +got):\n%s", kind, id, diff)
	}
	if s := w.states[sources.Entity{Kind: kind, ID: id}]; s != nil && s.Version != version {
		w.t.Errorf("%s/%s has version %d, want %d", kind, id, s.Version, version)
	}
}

// wantEvent compares what an event came to.
func (w *world) wantEvent(e *sources.Event, kind, rejected, failed string) {
	w.t.Helper()
	if e.Type != kind || e.Rejected != rejected || e.Failed != failed || e.Problem != "" {
		w.t.Errorf("event %s: rejected %q, failed %q, problem %q; want %s, %q, %q", e.Type, e.Rejected, e.Failed, e.Problem, kind, rejected, failed)
	}
}

// A list that a domain's rule appends to is there for the rules and the filters after it.
func TestADomainWithLists(t *testing.T) {
	l := &Library{}
	if err := l.Add("parcels.yaml", []byte(`
domain: parcels
entity: parcel
events: { type: data.type, id: data.parcel_id }
fold:
  SCANNED:
    reject: { "Here already": "data.place in (state.places ?? [])" }
    append: { places: data.place }
  LOST: { set: { last: "state.places[-1]", hops: "len(state.places)" } }
`)); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	w.domains = l.Domains()
	for _, place := range []string{"Bonn", "Köln", "Bonn"} {
		w.send("parcels", `{"type":"SCANNED","parcel_id":"p-1","place":"`+place+`"}`)
	}
	w.send("parcels", `{"type":"LOST","parcel_id":"p-1"}`)
	w.want("parcel", "p-1", 3, `{"places":["Bonn","Köln"],"last":"Köln","hops":2}`)
}
