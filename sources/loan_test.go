package sources

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"signalbox/bus"
)

// lending is a batch whose payloads lie in one piece of memory that is overwritten as soon as it is given back.
func lending(payloads [][]byte, released *int) *bus.Batch {
	memory := make([]byte, 0, leastLoan)
	b := bus.NewBatch(len(payloads), nil)
	for _, p := range payloads {
		from := len(memory)
		memory = append(memory, p...)
		b.Messages = append(b.Messages, bus.Message{Data: memory[from:len(memory):len(memory)]})
	}
	b.Lend(memory, func() func() {
		return func() {
			*released++
			for i := range memory {
				memory[i] = '!'
			}
		}
	})
	return b
}

// Whatever of several feeds' batches is taken in, in whatever order, payloads stay what they were while they are held,
// and memory is given back once, when nothing in it is.
func TestLoansAreKeptWhileTheyAreNeeded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWindow(64 << 10)
		limit := rapid.Int64Range(0, 600<<10).Draw(t, "limit")
		w.limit = func() int64 { return limit }
		w.evicted = func(*chunk) {}
		lent, released, next := 0, 0, 0
		var all [][]byte
		var feeds [3]struct {
			feed  feed
			batch *bus.Batch
			taken int
		}
		for range rapid.IntRange(1, 120).Draw(t, "steps") {
			f := &feeds[rapid.IntRange(0, len(feeds)-1).Draw(t, "feed")]
			if f.batch == nil {
				size := rapid.SampledFrom([]int{3, 900, 1024, 5000}).Draw(t, "size")
				var payloads [][]byte
				for left := leastLoan; left >= size && len(payloads) < 2000; left -= size {
					next++
					payloads = append(payloads, bytes.Repeat([]byte{byte(next)}, size))
				}
				f.batch, f.taken = lending(payloads, &released), 0
				if f.feed.loan = w.borrow(f.batch); f.feed.loan != nil {
					lent++
				}
			}
			w.loan = f.feed.loan
			for n := rapid.IntRange(1, 50).Draw(t, "messages"); n > 0 && f.taken < len(f.batch.Messages); n-- {
				data := f.batch.Messages[f.taken].Data
				f.taken++
				all = append(all, bytes.Clone(data))
				r, flags := w.add(0, []byte("entry"), data)
				*r = record{head: uint32(len("entry")), data: uint32(len(data)), flags: flags}
			}
			if most := limit + (mostBorrowed+2)*int64(w.pageSize); w.held > most {
				t.Fatalf("%d bytes are held, more than %d", w.held, most)
			}
			if f.taken == len(f.batch.Messages) {
				w.settle(&f.feed)
				f.batch = nil
			}
		}
		for number := w.first(); number < w.next; number++ {
			if _, entry, data := w.get(number); string(entry) != "entry" || !bytes.Equal(data, all[number-1]) {
				t.Fatalf("event %d is %q %.9q, want %.9q", number, entry, data, all[number-1])
			}
		}
		for i := range feeds {
			w.settle(&feeds[i].feed)
		}
		for len(w.chunks) > 0 {
			w.evict()
		}
		if released != lent || w.held != 0 {
			t.Fatalf("%d loans of %d were given back, %d bytes are held of nothing", released, lent, w.held)
		}
	})
}
