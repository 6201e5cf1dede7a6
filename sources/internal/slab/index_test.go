package slab

import (
	"testing"

	"pgregory.net/rapid"
)

type numbered struct {
	Link
	number uint32
}

func (n *numbered) Chain() *Link { return &n.Link }

func TestIndexFindsWhatWasAdded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var x Index[numbered, *numbered]
		places := map[uint32]uint32{} // number to place
		spread := rapid.SampledFrom([]uint32{1, 3, 0x9e3779b1}).Draw(t, "spread")
		hash := func(number uint32) uint32 { return number / 3 * spread } // three of each hash
		for step := range rapid.IntRange(1, 3000).Draw(t, "steps") {
			number := uint32(step)
			if step%5 == 4 {
				number = uint32(step / 2)
			}
			if at, ok := places[number]; ok {
				x.Remove(at)
				delete(places, number)
				continue
			}
			at := x.Add(hash(number))
			x.At(at).number = number
			places[number] = at
		}
		if int(x.count) != len(places) {
			t.Fatalf("%d records, want %d", x.count, len(places))
		}
		for number, at := range places {
			here := x.First(hash(number))
			for {
				if here = x.Match(here, hash(number)); here == 0 {
					t.Fatalf("%d was not found", number)
				}
				if here-1 == at {
					break
				}
				here = x.At(here - 1).Next
			}
		}
	})
}
