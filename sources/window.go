package sources

import (
	"encoding/binary"
	"sort"
)

// window holds the newest events, as many as there is memory for, in chunks. Events are numbered from 1 as they come.
type window struct {
	pageSize int
	limit    func() int64 // bytes it may hold now
	evicted  func(*chunk) // told before a chunk leaves
	grown    func()       // told when a chunk has been added

	chunks []*chunk // oldest first
	next   uint64   // number of the next event
	held   int64    // bytes of all pages and loans
	loan   *loan    // where the payload of the next event may lie
}

func newWindow(pageSize int) *window { return &window{pageSize: pageSize, next: 1, grown: func() {}} }

// first is the number of the oldest event held; next when there is none.
func (w *window) first() uint64 {
	if len(w.chunks) == 0 {
		return w.next
	}
	return w.chunks[0].first
}

// total is how many events are held.
func (w *window) total() uint64 { return w.next - w.first() }

// has tells whether an event is held.
func (w *window) has(number uint64) bool { return number >= w.first() && number < w.next }

// add puts an event in and returns its record, to be filled in by the caller, and what the record's flags must have.
func (w *window) add(station uint16, entry, data []byte) (r *record, flags uint16) {
	at := -1
	if w.loan != nil && len(data) > refSize {
		at = offset(w.loan.memory, view(data))
	}
	bytes := len(entry) + len(data)
	if at >= 0 {
		bytes = len(entry) + refSize
	}
	if len(w.chunks) == 0 || !w.newest().room(bytes) {
		w.open(bytes)
	}
	c := w.newest()
	for len(c.byStation) <= int(station) {
		c.byStation = append(c.byStation, 0)
	}
	c.byStation[station]++
	w.next++
	r, to := c.add(bytes)
	to = to[copy(to, entry):]
	if at < 0 {
		copy(to, data)
		return r, 0
	}
	binary.LittleEndian.PutUint32(to, w.refer(c, w.loan, at))
	return r, isLent
}

func (w *window) newest() *chunk { return w.chunks[len(w.chunks)-1] }

// open begins a new chunk, after as many of the oldest have left as there is no memory for. An event that is larger
// than a page has a chunk of its own.
func (w *window) open(bytes int) {
	size := max(w.pageSize, recordSize+bytes+offsetSize)
	var c *chunk
	for len(w.chunks) > 0 && w.held+int64(size) > w.limit() {
		old := w.evict()
		if len(old.page) == size {
			c = old
		}
	}
	if c == nil {
		c = &chunk{page: make([]byte, size)}
	}
	clear(c.byStation)
	c.first, c.n, c.front, c.search, c.marked = w.next, 0, 0, 0, 0
	w.chunks = append(w.chunks, c)
	w.held += int64(size)
	w.grown()
}

// evict lets the oldest chunk go.
func (w *window) evict() *chunk {
	c := w.chunks[0]
	w.evicted(c)
	w.repay(c)
	w.chunks[0] = nil
	w.chunks = w.chunks[1:]
	w.held -= int64(len(c.page))
	return c
}

// find is the index of the chunk that holds an event, which must be held, and its place there.
func (w *window) find(number uint64) (int, int) {
	last := len(w.chunks) - 1
	if c := w.chunks[last]; number >= c.first {
		return last, int(number - c.first)
	}
	i := sort.Search(last, func(i int) bool { return w.chunks[i].first > number }) - 1
	return i, int(number - w.chunks[i].first)
}

// get is an event's record, entry and payload; the event must be held.
func (w *window) get(number uint64) (r *record, entry, data []byte) {
	i, at := w.find(number)
	return w.chunks[i].get(at)
}
