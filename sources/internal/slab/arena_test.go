package slab

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
)

func TestArenaKeepsEveryBlock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		blocks, contents := map[uint32]uint32{}, map[uint32][]byte{}
		var a Arena
		a.OnMove = func(owner, block uint32) { blocks[owner] = block }
		next := uint32(0)
		put := func(n int) {
			block := a.Alloc(n, next)
			blocks[next] = block
			contents[next] = bytes.Repeat([]byte{byte(next), byte(n)}, n/2+1)[:n]
			copy(a.Bytes(block, n), contents[next])
			next++
		}
		take := func(owner uint32) {
			block := blocks[owner]
			delete(blocks, owner)
			a.Release(block)
		}
		for range rapid.IntRange(1, 12).Draw(t, "rounds") {
			size := rapid.SampledFrom([]int{0, 5, 60, 100, 700, MostBlock}).Draw(t, "size")
			for range rapid.IntRange(0, 1500).Draw(t, "allocated") {
				put(size)
			}
			every := rapid.Uint32Range(1, 7).Draw(t, "released")
			for owner := uint32(0); owner < next; owner++ {
				if _, ok := blocks[owner]; ok && owner%every != 1 {
					take(owner)
				}
			}
			for owner, block := range blocks {
				if want := contents[owner]; !bytes.Equal(a.Bytes(block, len(want)), want) {
					t.Fatalf("block of %d: not what was put there", owner)
				}
			}
		}
		for owner := range blocks {
			take(owner)
		}
		// Emptied, a class keeps a few pages for what comes next and no more.
		if most := int64(6 * 3 * PageSize); a.Size > most {
			t.Fatalf("%d bytes held when empty, want at most %d", a.Size, most)
		}
	})
}

func TestSizeClasses(t *testing.T) {
	for n := 0; n <= MostBlock; n++ {
		size := int(classSizes[classOf(n)])
		if size < n+header {
			t.Fatalf("%d bytes do not fit into a block of %d", n, size)
		}
		if n > 100 && size > (n+header)*9/8+8 {
			t.Errorf("%d bytes take a block of %d", n, size)
		}
	}
}
