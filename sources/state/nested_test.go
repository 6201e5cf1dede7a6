package state

import (
	"testing"

	"pgregory.net/rapid"
)

// lists is a state whose first field is a list of that JSON, and the slot of it.
func lists(json string) (*State, int) {
	s := &State{}
	s.Reset(NewKind("k"))
	slot := s.Kind.Slot("list")
	s.Set(slot, JSONValue(json))
	s.Commit()
	return s, slot
}

func TestListIsChangedEntryByEntry(t *testing.T) {
	for _, c := range []struct {
		begins string
		change func(s *State, slot int)
		want   string
		writes int // to the journal
	}{
		{`[1,"two",true,null,2.5,{"a":[1]}]`, func(s *State, slot int) { s.Append(slot, nil, IntValue(7)) },
			`[1,"two",true,null,2.5,{"a":[1]},7]`, 2},
		{`{"no":"list"}`, func(s *State, slot int) { s.Append(slot, nil, TextValue("first")) }, `["first"]`, 2},
		{`[]`, func(s *State, slot int) { s.Append(slot, []string{"in", "tree"}, IntValue(1)) }, `{"in":{"tree":[1]}}`, 4},
		{`[]`, func(s *State, slot int) { s.Append(slot, nil, Value{}) }, `[null]`, 2},
		{`[]`, func(s *State, slot int) { s.Append(slot, nil, IntValue(1)); s.SetIn(slot, []string{"1"}, IntValue(2)) }, `[1,2]`, 3},
		{`[]`, func(s *State, slot int) { s.Append(slot, nil, IntValue(1)); s.SetIn(slot, []string{"0"}, IntValue(2)) }, `[2]`, 3},
		{`[]`, func(s *State, slot int) { s.Append(slot, nil, IntValue(1)); s.SetIn(slot, []string{"0"}, Value{}) }, `[]`, 3},
		{`[1,2]`, func(s *State, slot int) { s.Append(slot, nil, IntValue(3)); s.SetIn(slot, []string{"0"}, Value{}) }, `[null,2,3]`, 3},
		{`[1]`, func(s *State, slot int) {
			s.Append(slot, nil, IntValue(3))
			s.SetIn(slot, []string{"0", "deep"}, IntValue(2))
		}, `[{"deep":2},3]`, 4},
		{`[1]`, func(s *State, slot int) { s.Append(slot, nil, IntValue(3)); s.SetIn(slot, []string{"9"}, IntValue(2)) }, `{"9":2}`, 4},
	} {
		s, slot := lists(c.begins)
		c.change(s, slot)
		if got := s.Get(slot).String(); got != c.want || len(s.journal) != c.writes {
			t.Errorf("%s became %s by %d writes, want %s by %d", c.begins, got, len(s.journal), c.want, c.writes)
		}
		s.Undo()
		if got := s.Get(slot).String(); got != c.begins {
			t.Errorf("%s is %s once all is undone", c.begins, got)
		}
	}
}

// What is undone from the encoded journal is undone as if it had never been encoded.
func TestUndoOfEncodedChanges(t *testing.T) {
	name := rapid.SampledFrom([]string{"0", "1", "2", "x"})
	rapid.Check(t, func(t *rapid.T) {
		s := &State{}
		s.Reset(NewKind("k"))
		for _, v := range rapid.SliceOfN(anyValue(2), 1, 3).Draw(t, "before") {
			s.Set(s.Len(), v.Own())
		}
		s.Commit()
		before := make([]Value, s.Len())
		for slot := range before {
			before[slot] = s.Get(slot).Own()
		}
		for range rapid.IntRange(1, 6).Draw(t, "writes") {
			slot, path := rapid.IntRange(0, 3).Draw(t, "slot"), rapid.SliceOfN(name, 0, 3).Draw(t, "path")
			switch v := anyValue(1).Draw(t, "value"); {
			case rapid.Bool().Draw(t, "appends"):
				s.Append(slot, path, v)
			default:
				s.SetIn(slot, path, v.Own())
			}
		}
		after := s.values
		encoded := AppendChanges(nil, s.Changes())
		again := State{values: make([]Value, len(after))}
		for slot, v := range after {
			again.values[slot] = v.Own()
		}
		again.values = Undo(again.values, ReadChanges(encoded))
		s.Undo()
		for slot := range after {
			var want Value
			if slot < len(before) {
				want = before[slot]
			}
			if got := again.Get(slot); !got.Equal(want) || !s.Get(slot).Equal(want) {
				t.Fatalf("slot %d is %s, and %s by the encoded journal; want %s", slot, s.Get(slot), got, want)
			}
		}
	})
}
