package event

import (
	"errors"
	"testing"

	"signalbox/sources/state"
)

// foldFunc is a fold written as a function.
type foldFunc func(e *Event, s *state.State) (string, error)

func (f foldFunc) Apply(e *Event, s *state.State) (string, error) { return f(e, s) }

func TestApply(t *testing.T) {
	writes := func(s *state.State) {
		s.Set(0, state.TextValue("new"))
		s.SetIn(s.Kind.Slot("tree"), []string{"a"}, state.IntValue(7))
	}
	for name, c := range map[string]struct {
		fold     foldFunc
		want     Outcome
		changes  int
		survives bool // what the fold wrote stays
	}{
		"accepted": {func(_ *Event, s *state.State) (string, error) { writes(s); return "", nil }, Outcome{Version: 4, Status: "new"}, 3, true},
		"as it was": {func(_ *Event, s *state.State) (string, error) { s.Set(0, state.TextValue("old")); return "", nil },
			Outcome{Version: 4, Status: "old"}, 0, true},
		"nothing written": {func(*Event, *state.State) (string, error) { return "", nil }, Outcome{Version: 4}, 0, true},
		"refused":         {func(_ *Event, s *state.State) (string, error) { writes(s); return "no", nil }, Outcome{Version: 3, Rejected: "no"}, 0, false},
		"failed": {func(_ *Event, s *state.State) (string, error) { writes(s); return "no", errors.New("lacks it") },
			Outcome{Version: 3, Failed: "lacks it"}, 0, false},
		"failed in silence": {func(_ *Event, s *state.State) (string, error) { writes(s); return "", errors.New("") },
			Outcome{Version: 3, Failed: "the fold does not say why"}, 0, false},
		"panicked": {func(_ *Event, s *state.State) (string, error) { writes(s); panic("told to") },
			Outcome{Version: 3, Failed: "the fold panicked: told to"}, 0, false},
	} {
		s := state.State{Kind: state.NewKind("thing"), Version: 3}
		s.Set(0, state.TextValue("old"))
		s.Commit()
		e := Event{Understood: Understood{Fold: c.fold}}
		got := Apply(&e, &s)
		if len(got.Changes) != c.changes {
			t.Errorf("%s: %d changes, want %d", name, len(got.Changes), c.changes)
		}
		if got.Version != c.want.Version || got.Status != c.want.Status || got.Rejected != c.want.Rejected || got.Failed != c.want.Failed {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
		if !c.survives && (s.Version != 3 || s.Get(0).Text() != "old" || len(s.Changes()) != 0) {
			t.Errorf("%s: the state became %v, version %d", name, s.Map(), s.Version)
		}
	}
}

func TestIdentify(t *testing.T) {
	ours, alone, theirs := state.NewKind("ours"), state.NewKind("alone"), state.NewKind("theirs")
	find := func(name string) (*state.Kind, string, bool) { return theirs, "found by " + name, name != "unknown" }
	for name, c := range map[string]struct {
		is   Understood
		kind *state.Kind
		id   string
	}{
		"its own ID":          {Understood{Kind: ours, ID: "1", Names: []string{"n"}, AloneKind: alone, AloneID: "2"}, ours, "1"},
		"the first known":     {Understood{Kind: ours, Names: []string{"unknown", "a", "b"}, AloneKind: alone, AloneID: "2"}, theirs, "found by a"},
		"alone":               {Understood{Kind: ours, Names: []string{"unknown"}, AloneKind: alone, AloneID: "2"}, alone, "2"},
		"nothing":             {Understood{Kind: ours, Names: []string{"unknown"}}, nil, ""},
		"nothing to be found": {Understood{Names: []string{"a"}}, nil, ""},
	} {
		e := Event{Understood: c.is}
		if e.Identify(find); e.Kind != c.kind || e.ID != c.id {
			t.Errorf("%s: %v %q, want %v %q", name, e.Kind, e.ID, c.kind, c.id)
		}
	}
}
