package rank

import (
	"cmp"
	"slices"
	"testing"

	"signalbox/sources/state"

	"pgregory.net/rapid"
)

func TestOrderFindsByRank(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := Order{tie: cmp.Compare[uint32], reverse: rapid.Bool().Draw(t, "reverse")}
		keys := map[uint32]Key{}
		for range rapid.IntRange(1, 3000).Draw(t, "steps") {
			slot := uint32(len(keys)*7919) % 2003
			if _, ok := keys[slot]; ok {
				o.Remove(slot)
				delete(keys, slot)
			}
			keys[slot] = Key{uint64(slot*31) % 50, 0}
			o.Insert(slot, keys[slot])
		}
		for slot := range keys {
			if slot%rapid.Uint32Range(2, 3).Draw(t, "every") == 0 {
				o.Remove(slot)
				delete(keys, slot)
			}
		}
		var want []entry
		for slot, k := range keys {
			want = append(want, entry{k, slot})
		}
		slices.SortFunc(want, o.compare)
		if o.n != len(want) {
			t.Fatalf("%d entries, want %d", o.n, len(want))
		}
		rank := rapid.IntRange(0, len(want)).Draw(t, "rank")
		i := rank
		o.From(rank, func(slot uint32) bool {
			if slot != want[i].slot {
				t.Fatalf("rank %d is %d, want %d", i, slot, want[i].slot)
			}
			if at, ok := o.Rank(slot); !ok || at != i {
				t.Fatalf("%d has rank %d (%v), want %d", slot, at, ok, i)
			}
			i++
			return true
		})
		if i != len(want) {
			t.Fatalf("%d entries from %d on, want %d", i-rank, rank, len(want)-rank)
		}
	})
}

func TestKeysSortAsValuesDo(t *testing.T) {
	sorted := []state.Value{
		state.BoolValue(false), state.BoolValue(true), state.FloatValue(-1e300), state.IntValue(-2), state.FloatValue(-0.5), state.IntValue(0), state.FloatValue(0.25),
		state.IntValue(3), state.FloatValue(1e18), state.TextValue(""), state.TextValue("a"), state.TextValue("ab"), state.TextValue("b"), state.JSONValue("[]"), {},
	}
	for i, v := range sorted[1:] {
		a, b := Of(sorted[i]), Of(v)
		if a.High > b.High || a.High == b.High && a.Low >= b.Low {
			t.Errorf("%v does not sort before %v", sorted[i], v)
		}
	}
}
