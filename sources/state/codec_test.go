package state

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
)

// anyValue draws a value of any kind, trees and lists no deeper than depth.
func anyValue(depth int) *rapid.Generator[Value] {
	return rapid.Custom(func(t *rapid.T) Value {
		kinds := []ValueKind{Absent, Bool, Int, Float, Text, JSON}
		if depth > 0 {
			kinds = append(kinds, Tree, List)
		}
		switch rapid.SampledFrom(kinds).Draw(t, "kind") {
		case Bool:
			return BoolValue(rapid.Bool().Draw(t, "bool"))
		case Int:
			return IntValue(rapid.Int64().Draw(t, "int"))
		case Float:
			return FloatValue(rapid.Float64().Draw(t, "float"))
		case Text:
			return TextValue(rapid.String().Draw(t, "text"))
		case JSON:
			return JSONValue(rapid.SampledFrom([]string{"[]", `{"a":[1,2]}`, "NaN"}).Draw(t, "json"))
		case Tree:
			return TreeValue(rapid.MapOfN(rapid.String(), anyValue(depth-1), 0, 3).Draw(t, "tree"))
		case List:
			return ListValue(rapid.SliceOfN(anyValue(depth-1), 0, 3).Draw(t, "list"))
		}
		return Value{}
	})
}

func TestStateRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(anyValue(2), 0, 6).Draw(t, "values")
		got, ok := ReadState(nil, AppendState(nil, values))
		if !ok {
			t.Fatal("not decoded")
		}
		for i, want := range values {
			if v := (&State{values: got}).Get(i); !v.Equal(want) || v.Kind() != want.Kind() {
				t.Fatalf("slot %d: %v, want %v", i, v, want)
			}
		}
	})
}

func TestChangesRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		changes := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Change {
			return Change{
				Slot: rapid.IntRange(0, MaxFields-1).Draw(t, "slot"), Path: rapid.SliceOfN(rapid.String(), 0, 3).Draw(t, "path"),
				Was: anyValue(1).Draw(t, "was"), Is: anyValue(1).Draw(t, "is"),
			}
		}), 0, 5).Draw(t, "changes")
		got := ReadChanges(AppendChanges(nil, changes))
		if len(got) != len(changes) {
			t.Fatalf("%d changes, want %d", len(got), len(changes))
		}
		for i, want := range changes {
			c := got[i]
			same := c.Slot == want.Slot && len(c.Path) == len(want.Path) && c.Was.Equal(want.Was) && c.Is.Equal(want.Is)
			for j := range c.Path {
				same = same && c.Path[j] == want.Path[j]
			}
			if !same {
				t.Fatalf("change %d: %v, want %v", i, c, want)
			}
		}
	})
}

// FuzzDecode decodes arbitrary bytes: it may find them bad, but it ends, and what it found is written as it was read.
func FuzzDecode(f *testing.F) {
	f.Add(AppendState(nil, []Value{TextValue("ready"), IntValue(-3), FloatValue(0.5), TreeValue(map[string]Value{"a": BoolValue(true)})}))
	f.Add(AppendChanges(nil, []Change{{Slot: 3, Path: []string{"a", "b"}, Was: JSONValue("[1]"), Is: Value{}}}))
	f.Add(bytes.Repeat([]byte{wireTree, 1, 0}, 2000))
	f.Add(bytes.Repeat([]byte{wireList, 1}, 2000))
	f.Fuzz(func(t *testing.T, in []byte) {
		if values, ok := ReadState(nil, in); ok {
			got, _ := ReadState(nil, AppendState(nil, values))
			for i, want := range values {
				if v := (&State{values: got}).Get(i); v.String() != want.String() {
					t.Errorf("slot %d: %v, want %v", i, v, want)
				}
				if v := ReadField(AppendState(nil, values), i); v.String() != want.String() {
					t.Errorf("field %d alone: %v, want %v", i, v, want)
				}
			}
		}
		changes := ReadChanges(in)
		if got := ReadChanges(AppendChanges(nil, changes)); len(got) != len(changes) {
			t.Errorf("%d changes, want %d", len(got), len(changes))
		}
	})
}
