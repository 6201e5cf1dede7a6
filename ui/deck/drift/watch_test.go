package drift

import (
	"context"
	"errors"
	"strconv"
	"testing"

	"signalbox/bus"
	"signalbox/scenarios/truth"
	"signalbox/sources"
	"signalbox/sources/state"
)

// kept is a bus that keeps copies.
type kept struct {
	bus.Bus
	copies map[string]string
	broken error
}

func (k *kept) CopyStore() string { return "redis" }

func (k *kept) Copies(_ context.Context, paths []string) ([]bus.Copied, error) {
	if len(paths) > bus.CopiesAtOnce {
		return nil, errors.New("it is asked for too many at once")
	}
	out := make([]bus.Copied, len(paths))
	for i, path := range paths {
		text, there := k.copies[path]
		out[i] = bus.Copied{Data: []byte(text), Size: len(text), Kept: there}
	}
	return out, k.broken
}

func (k *kept) CopyPaths(context.Context, string, string, func(string) bool) error { return nil }

func row(id string, budget int64) sources.EntityRow {
	return sources.EntityRow{Entity: sources.Entity{Kind: "delivery", ID: id}, Version: 1,
		Fields: []state.Field{{Name: "budget", Value: state.IntValue(budget)}}}
}

func TestWatch(t *testing.T) {
	k := &kept{copies: map[string]string{"d:a": `{"budget":1}`, "d:b": `{"budget":2}`, "d:p": `{"budget":3}`}}
	place, _ := truth.ParsePlace("delivery", "redis", "d:{id}")
	elsewhere, _ := truth.ParsePlace("delivery", "nats", "d/{id}")
	w := New([]truth.Place{place, elsewhere}, []bus.Bus{k})
	partial := row("p", 9)
	partial.Partial = true
	refused := row("refused", 1)
	refused.Version = 0
	rows := []sources.EntityRow{row("a", 1), row("b", 5), row("c", 1), refused, partial}
	look := func() {
		next, _ := w.compare(t.Context(), &sources.Snapshot{Entities: sources.EntityRows{Rows: rows},
			Entity: &sources.EntityDetail{EntityRow: rows[1], Shown: 1, Newest: 1, State: []sources.StateField{{Field: rows[1].Fields[0]}}}})
		w.found.Store(next)
	}
	want := func(when string, marks map[string]string) {
		t.Helper()
		for _, r := range rows {
			if got := w.Mark(r.Entity); got != marks[r.ID] {
				t.Errorf("%s: %s has the mark %q, want %q", when, r.ID, got, marks[r.ID])
			}
		}
	}
	look()
	want("at first it may be on its way", nil)
	look()
	want("once it differs twice", map[string]string{"b": "≠copy", "c": "no copy"})
	if fields, path, ok := w.Copy(rows[1].Entity); !ok || path != "d:b" || fields["budget"].String() != "2" {
		t.Errorf("the copy of b: %v %q %v", fields, path, ok)
	}
	if compared, drifts, _ := w.Counts(); compared != 3 || drifts != 2 {
		t.Errorf("%d compared, %d drifts", compared, drifts)
	}
	rows[1].Version = 2
	look()
	want("what changed meanwhile is on its way again", map[string]string{"c": "no copy"})
	k.copies["d:b"], k.copies["d:c"] = `{"budget":5}`, `{"budget":1}`
	look()
	look()
	want("once they agree", nil)
	k.broken = errors.New("refused")
	look()
	if _, _, problem := w.Counts(); problem != "refused" {
		t.Errorf("the problem is %q", problem)
	}
}

// A screen with more rows than copies may be asked for at once has all of them compared.
func TestManyAreCompared(t *testing.T) {
	k := &kept{copies: map[string]string{}}
	place, _ := truth.ParsePlace("delivery", "redis", "d:{id}")
	w := New([]truth.Place{place}, []bus.Bus{k})
	var rows []sources.EntityRow
	for i := range 2*bus.CopiesAtOnce + 50 {
		rows = append(rows, row(strconv.Itoa(i), 1))
	}
	for range 2 {
		next, _ := w.compare(t.Context(), &sources.Snapshot{Entities: sources.EntityRows{Rows: rows}})
		w.found.Store(next)
	}
	if compared, drifts, problem := w.Counts(); compared != len(rows) || drifts != len(rows) || problem != "" {
		t.Errorf("%d compared, %d drifts, %q: want all of %d", compared, drifts, problem, len(rows))
	}
}

func TestNothingToCompareWith(t *testing.T) {
	var w *Watch
	if w.Any() || w.Mark(sources.Entity{}) != "" || New(nil, nil).Any() {
		t.Error("there is something to compare with")
	}
}
