package sources

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
)

func TestWindowHoldsTheNewest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWindow(4096)
		limit := rapid.Int64Range(0, 64<<10).Draw(t, "limit")
		w.limit = func() int64 { return limit }
		left := uint64(0)
		w.evicted = func(c *chunk) {
			sum := uint32(0)
			for _, n := range c.byStation {
				sum += n
			}
			if int(sum) != c.n {
				t.Fatalf("a chunk of %d events counts %d by station", c.n, sum)
			}
			left += uint64(c.n)
		}
		var all [][]byte
		for range rapid.IntRange(1, 400).Draw(t, "events") {
			n := rapid.SampledFrom([]int{0, 1, 7, 200, 3000, 9000}).Draw(t, "size")
			payload := bytes.Repeat([]byte{byte(len(all))}, n)
			r, flags := w.add(uint16(len(all)%3), nil, payload)
			*r = record{data: uint32(n), version: uint32(len(all)), flags: flags}
			all = append(all, payload)
			if w.held > max(limit, 4096, int64(n)+100) {
				t.Fatalf("%d bytes held, want at most %d", w.held, limit)
			}
		}
		if w.next != uint64(len(all))+1 || left+w.total() != uint64(len(all)) {
			t.Fatalf("%d left and %d held of %d", left, w.total(), len(all))
		}
		for number := w.first(); number < w.next; number++ {
			r, _, got := w.get(number)
			if want := all[number-1]; !bytes.Equal(got, want) || int(r.version) != int(number-1) {
				t.Fatalf("event %d: %d bytes of version %d, want %d", number, len(got), r.version, len(want))
			}
		}
	})
}
