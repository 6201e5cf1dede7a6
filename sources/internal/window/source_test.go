package window

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"signalbox/bus"
)

// Whatever of several feeds' batches is added, in whatever order, messages stay what they were while they are held, and
// memory is given back when nothing in it is.
func TestBatchesAreKeptWhileTheyAreNeeded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const page, full = 16 << 10, 64 << 10
		limit := rapid.Int64Range(0, 600<<10).Draw(t, "limit")
		w := newTest(page, limit, func([]uint32) {})
		next := 0
		var all [][]byte
		var feeds [3]struct {
			batch *bus.Batch
			from  *Source
			at    int
		}
		for range rapid.IntRange(1, 120).Draw(t, "steps") {
			f := &feeds[rapid.IntRange(0, len(feeds)-1).Draw(t, "feed")]
			if f.batch == nil {
				size := rapid.SampledFrom([]int{3, 900, 1024, 5000}).Draw(t, "size")
				f.batch = bus.NewBatch(rapid.SampledFrom([]int{0, full}).Draw(t, "room"))
				for {
					next++
					m := bus.Message{Subject: "a", Data: bytes.Repeat([]byte{byte(next)}, size), Size: size}
					if f.batch.Len() > 0 && !f.batch.Fits(&m) {
						break
					}
					f.batch.Add(&m)
				}
				f.from, f.at = w.Begin(f.batch), 0
				if want := f.batch.Memory() == full && f.batch.End() >= full*3/4; f.from.keep != want {
					t.Fatalf("a batch of %d bytes, %d of them used, is kept: %v", f.batch.Memory(), f.batch.End(), f.from.keep)
				}
			}
			for n := rapid.IntRange(1, 50).Draw(t, "messages"); n > 0 && f.at < f.batch.End(); n-- {
				var m bus.Message
				at := f.at
				f.at = f.batch.Read(at, &m)
				all = append(all, bytes.Clone(m.Data))
				w.Add(f.from, at, &m, &Facts{})
			}
			if most := max(limit, page+full) + int64(len(feeds)*full); w.Memory() > most {
				t.Fatalf("%d bytes are held, more than %d", w.Memory(), most)
			}
			if f.at == f.batch.End() {
				w.End(f.from)
				f.batch = nil
			}
		}
		var m bus.Message
		for number := w.First(); number < w.Next(); number++ {
			if w.Get(number).Read(&m, &Facts{}); m.Subject != "a" || !bytes.Equal(m.Data, all[number-1]) {
				t.Fatalf("event %d is %q %.9q, want %.9q", number, m.Subject, m.Data, all[number-1])
			}
		}
		for i := range feeds {
			if feeds[i].batch != nil {
				w.End(feeds[i].from)
			}
		}
		if w.Clear(); w.Memory() != 0 {
			t.Fatalf("%d bytes are held of nothing", w.Memory())
		}
	})
}

// Many feeds that take turns do not make pages for a few events each.
func TestFeedsThatTakeTurnsShareAPage(t *testing.T) {
	const page, feeds = 16 << 10, 40
	w := newTest(page, 1<<30, func([]uint32) {})
	var from [feeds]*Source
	var at [feeds]int
	for i := range from {
		b := bus.NewBatch(4 * page)
		for m := (bus.Message{Data: make([]byte, 1000), Size: 1000}); b.Fits(&m); {
			b.Add(&m)
		}
		from[i] = w.Begin(b)
	}
	for range 50 {
		for i, s := range from {
			var m bus.Message
			next := s.batch.Read(at[i], &m)
			w.Add(s, at[i], &m, &Facts{})
			at[i] = next
		}
	}
	if most := int64(feeds*4*page + 2*feeds*page/batchesInChunk); w.Memory() > most {
		t.Errorf("%d bytes are held of %d batches, more than %d", w.Memory(), feeds, most)
	}
}
