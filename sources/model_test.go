package sources

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"signalbox/sources/state"
)

// model is the engine as simple as can be: all events, and each entity folded again from the first whenever asked.
type model struct {
	texts []string // payloads, by number - 1
}

// modelState is an entity of the model: its fields as text, and what happened to it.
type modelState struct {
	fields   map[string]string
	version  uint64
	rejected uint64
	numbers  []uint64
	versions []uint64 // after each of numbers
	setBy    map[string]uint64
}

// fold is an entity after an event, 0 for all; nil when it did not exist then.
func (m *model) fold(id string, version, at uint64) *modelState {
	var s *modelState
	for i, text := range m.texts {
		number := uint64(i + 1)
		words := strings.Fields(text)
		if words[2] != id || at != 0 && number > at {
			continue
		}
		if s == nil {
			s = &modelState{fields: map[string]string{}, setBy: map[string]uint64{}}
		}
		folds := words[1] == "SET" || words[1] == "CLEAR"
		if version != 0 && folds && s.version == version {
			break
		}
		if words[1] == "REFUSE" {
			s.rejected++
		}
		if folds {
			s.version++
			s.apply(words)
		}
		s.numbers, s.versions = append(s.numbers, number), append(s.versions, s.version)
	}
	return s
}

func (s *modelState) apply(words []string) {
	was := maps.Clone(s.fields)
	if words[1] == "CLEAR" {
		clear(s.fields)
	}
	for _, w := range words[3:] {
		name, text, _ := strings.Cut(w, "=")
		if list, ok := strings.CutSuffix(name, "+"); ok {
			n := 0
			for name := range s.fields {
				if strings.HasPrefix(name, list+".") {
					n++
				}
			}
			name = fmt.Sprint(list, ".", n)
		}
		s.fields[name] = text
	}
	for name, text := range s.fields {
		if was[name] != text || words[1] == "CLEAR" {
			s.setBy[name] = s.version
		}
	}
}

// flatten makes a state comparable with a model's.
func flatten(fields map[string]string, name string, v state.Value) {
	if !v.Nested() {
		fields[name] = v.String()
		return
	}
	for i, x := range v.List() {
		flatten(fields, fmt.Sprint(name, ".", i), x)
	}
	for part, x := range v.Tree() {
		flatten(fields, name+"."+part, x)
	}
}

func flat(d *EntityDetail) map[string]string {
	fields := map[string]string{}
	for _, f := range d.State {
		flatten(fields, f.Name, f.Value)
	}
	return fields
}

// drawText draws a payload for one of few entities.
func drawText(t *rapid.T, trees bool) string {
	words := []string{
		"thing", rapid.SampledFrom([]string{"SET", "SET", "SET", "CLEAR", "REFUSE", "FAIL", "PANIC", "NONE"}).Draw(t, "type"),
		rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "id"),
	}
	names := []string{"status", "budget", "notes"}
	if trees {
		names = append(names, "ballots.x.cast", "ballots.y.cast", "ballots.x.rating", "tags+", "ballots.y.seen+")
	}
	for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(names), 1, 3, rapid.ID).Draw(t, "names") {
		words = append(words, name+"="+rapid.SampledFrom([]string{"1", "2", "ready", "ring-twice"}).Draw(t, "value"))
	}
	return strings.Join(words, " ")
}

// TestHistoryIsARefold compares every version and every moment of every entity with folding from the first event.
func TestHistoryIsARefold(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		e, ctx := running(rt, Options{})
		b := newMemoryBus("s")
		attach(ctx, rt, e, b)
		trees := rapid.Bool().Draw(rt, "trees")
		m := model{}
		for range rapid.IntRange(1, 30).Draw(rt, "events") {
			m.texts = append(m.texts, drawText(rt, trees))
		}
		b.texts(ctx, rt, e, "s", m.texts...)
		for _, id := range []string{"a", "b", "c"} {
			newest := m.fold(id, 0, 0)
			if newest == nil {
				continue
			}
			for version := uint64(1); version <= newest.version; version++ {
				d, err := e.Entity(ctx, Entity{Kind: "thing", ID: id}, version)
				if err != nil {
					rt.Fatal(err)
				}
				compare(rt, fmt.Sprintf("%s v%d", id, version), m.fold(id, version, 0), newest, d)
			}
			for at := uint64(1); at <= uint64(len(m.texts)); at++ {
				compareAt(rt, e, m.fold(id, 0, at), id, at)
			}
		}
	})
}

func compare(t *rapid.T, what string, want, newest *modelState, d *EntityDetail) {
	if got := flat(d); !maps.Equal(got, want.fields) {
		t.Fatalf("%s: state %v, want %v", what, got, want.fields)
	}
	if d.Version != want.version || d.Newest != newest.version || d.Rejected != want.rejected || d.Status != want.fields["status"] {
		t.Fatalf("%s: version %d of %d, status %q, %d rejected; want %+v", what, d.Version, d.Newest, d.Status, d.Rejected, want)
	}
	if len(d.History) != len(newest.numbers) || d.Missing != 0 {
		t.Fatalf("%s: %d steps and %d missing, want %d", what, len(d.History), d.Missing, len(newest.numbers))
	}
	for i, step := range d.History {
		if step.Number != newest.numbers[i] || step.Version != newest.versions[i] {
			t.Fatalf("%s: step %d is event %d of version %d, want %d of %d", what, i, step.Number, step.Version,
				newest.numbers[i], newest.versions[i])
		}
	}
	for _, f := range d.State {
		if by, ok := want.setBy[f.Name]; ok && (f.SetAt != by || f.Changed != (by == want.version)) {
			t.Fatalf("%s: %s was set by version %d, want %d", what, f.Name, f.SetAt, by)
		}
	}
}

// compareAt compares an entity's row as of an event.
func compareAt(t *rapid.T, e *Engine, want *modelState, id string, at uint64) {
	var row EntityRow
	var known bool
	if err := e.requests.do(t.Context(), func() {
		slot, ok := e.store.Entities.ByName(Entity{Kind: "thing", ID: id})
		if known = ok && e.store.Entities.At(slot).Born <= at; known {
			w := e.store.Walk(slot, 0, at, true)
			for done := false; !done; {
				done = w.Step(1)
			}
			row = w.Row()
		}
	}); err != nil {
		t.Fatal(err)
	}
	if known != (want != nil) {
		t.Fatalf("%s at %d is known: %v", id, at, known)
	}
	if want == nil {
		return
	}
	got := map[string]string{}
	for _, f := range row.Fields {
		flatten(got, f.Name, f.Value)
	}
	if row.Status != "" {
		got["status"] = row.Status
	}
	if !maps.Equal(got, want.fields) || row.Version != want.version || row.Rejected != want.rejected {
		t.Fatalf("%s at %d: %v v%d %d rejected, want %+v", id, at, got, row.Version, row.Rejected, want)
	}
}
