package rank

import (
	"cmp"
	"slices"
	"testing"

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
