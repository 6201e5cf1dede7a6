// Package window holds the newest events, as many as there is memory for: each as the message that it came as, what was
// understood of it and what it led to. Nothing of what it holds has a pointer in it.
//
// Messages stay where they came from: in the batch of a feed that was handed over with Begin, which the window releases
// when the last of its events has left. What would waste memory there (a batch that is small or nearly empty) is copied
// into a batch of the window's own. An event is found by its number; events are numbered from 1, or a later number, in the order in which
// they were added, and leave in that order.
//
// A Window belongs to one goroutine. Nothing blocks. What Held and Search give shares the window's memory: it is good
// until the next Add, End or Clear.
package window

import (
	"sort"

	"signalbox/bus"
)

// Options are what a Window needs to know.
type Options struct {
	Page    int                      // bytes of a page; batches of the window's own have several times as many
	Limit   func() int64             // bytes that may be held now
	Evicted func(byStation []uint32) // told how many events of each station have left
	Grown   func()                   // told when more memory has been taken, and of each batch whose events are not held
	Nothing bool                     // no event is held: all are only numbered, by Pass
	After   uint64                   // events are numbered from behind this one on
}

// batchPages is how many pages a batch of the window's own has; a chunk ends once it has brought in batchesInChunk times
// as much, for large payloads leave its page nearly empty.
const (
	batchPages     = 4
	batchesInChunk = 4
)

// Window holds the newest events. Its zero value is not one: see New.
type Window struct {
	Options
	chunks []*chunk // oldest first
	next   uint64   // number of the next event
	held   int64    // bytes of all pages and of all batches that are kept
	own    *Source  // for messages that are copied
	spare  *chunk   // the last one that left, to be used again
	serial uint64   // of the newest search
	copies uint64   // of the events held, how many tell of applications' copies
	passed counts   // events of the batch in hand that are not held

	anew    *Window // that tells its events anew; nil for none
	of      *Window // whose events it tells anew itself; nil for none
	skipped bool    // some of them left before they were told
}

// counts are events by their station.
type counts []uint32

func (c *counts) add(station uint16) {
	for len(*c) <= int(station) {
		*c = append(*c, 0)
	}
	(*c)[station]++
}

// New makes a window that holds nothing.
func New(o Options) *Window { return &Window{Options: o, next: o.After + 1} }

// First is the number of the oldest event held; Next when there is none.
func (w *Window) First() uint64 {
	if len(w.chunks) == 0 {
		return w.next
	}
	return w.chunks[0].first
}

// Next is the number that the next event will have.
func (w *Window) Next() uint64 { return w.next }

// Total is how many events are held.
func (w *Window) Total() uint64 { return w.next - w.First() }

// Has tells whether an event is held.
func (w *Window) Has(number uint64) bool { return number >= w.First() && number < w.next }

// Memory is how many bytes are held.
func (w *Window) Memory() int64 { return w.held }

// Add puts an event in: m is its message, which lies at a place of a batch, or what is to be held of it.
func (w *Window) Add(from *Source, at int, m *bus.Message, f *Facts) {
	if w.of != nil {
		w.retell(m.Data, f)
		return
	}
	if !from.keep {
		from, at = w.copied(m)
	}
	if from.chunk == nil {
		w.keep(from)
	}
	most := bound(m.Data, f)
	if len(w.chunks) == 0 || !w.newest().room(most) {
		w.open(most)
	}
	c := w.newest()
	r, entry := c.begin()
	entry, flags := appendEntry(entry, m.Data, f)
	*r = record{
		at: uint32(at), batch: c.refer(from), back: uint32(f.Back), version: f.Version, station: f.Station,
		kind: f.Kind, typ: f.Type, status: f.Status, flags: flags,
	}
	c.end(len(entry), f.Station)
	if w.next++; f.Copy {
		c.copies++
		w.copies++
	}
}

// Copies is how many of the events held tell of applications' copies of entities.
func (w *Window) Copies() uint64 { return w.copies }

// Pass numbers an event that is not held. It leaves when its batch ends.
func (w *Window) Pass(station uint16) {
	w.passed.add(station)
	w.next++
}

// Get finds an event, which must be held.
func (w *Window) Get(number uint64) Held {
	i, at := w.find(number)
	return w.chunks[i].get(at)
}

// Amend changes what is held of an event, which must be held, beside its message: the version, the status and all that
// Facts says from there on. Whoever amends many calls Shrink afterwards.
func (w *Window) Amend(number uint64, change func(*Facts)) {
	i, at := w.find(number)
	c := w.chunks[i]
	var m bus.Message
	var f Facts
	c.get(at).Read(&m, &f)
	change(&f)
	before := cap(c.amended)
	c.amend(at, m.Data, &f)
	w.held += int64(cap(c.amended) - before)
}

// Each calls back with the held events from one number up to, and without, another, oldest first.
func (w *Window) Each(from, to uint64, each func(number uint64, held Held)) {
	from, to = max(from, w.First()), min(to, w.next)
	if from >= to {
		return
	}
	i, at := w.find(from)
	for from < to {
		c := w.chunks[i]
		for ; at < c.n && from < to; at++ {
			each(from, c.get(at))
			from++
		}
		i, at = i+1, 0
	}
}

// Clear lets all events leave.
func (w *Window) Clear() {
	for len(w.chunks) > 0 {
		w.evict()
	}
	if w.own != nil {
		w.End(w.own)
		w.own = nil
	}
	w.spare = nil
	w.letPass()
}

func (w *Window) newest() *chunk { return w.chunks[len(w.chunks)-1] }

// makeRoom lets so many of the oldest chunks leave that there is memory for so many bytes.
func (w *Window) makeRoom(bytes int) {
	for len(w.chunks) > 0 && w.held+int64(bytes) > w.Limit() {
		w.evict()
	}
}

// Shrink lets the oldest chunks leave, but for the newest, while more is held than the limit: it sinks when something else
// grows.
func (w *Window) Shrink() {
	for len(w.chunks) > 1 && w.held > w.Limit() {
		w.evict()
	}
}

// open begins a new chunk. An event that is larger than a page has a chunk of its own.
func (w *Window) open(bytes int) {
	size := max(w.Page, recordSize+bytes+offsetSize)
	w.makeRoom(size)
	c := w.spare
	if w.spare = nil; c == nil || len(c.page) != size {
		c = &chunk{page: make([]byte, size), most: batchesInChunk * batchPages * w.Page}
	}
	clear(c.byStation)
	c.copies = 0
	c.first, c.n, c.front, c.search, c.marked, c.brought = w.next, 0, 0, 0, 0, 0
	w.chunks = append(w.chunks, c)
	w.held += int64(size)
	w.Grown()
}

// evict lets the oldest chunk leave.
func (w *Window) evict() {
	c := w.chunks[0]
	if w.anew != nil {
		w.anew.drop(c)
	}
	w.Evicted(c.byStation)
	w.copies -= c.copies
	w.leave(c)
	w.chunks[0] = nil
	w.chunks = w.chunks[1:]
	w.held -= int64(len(c.page) + cap(c.amended))
	c.amended = nil
	w.spare = c
}

// find is the index of the chunk that holds an event, which must be held, and its place there.
func (w *Window) find(number uint64) (int, int) {
	last := len(w.chunks) - 1
	if c := w.chunks[last]; number >= c.first {
		return last, int(number - c.first)
	}
	i := sort.Search(last, func(i int) bool { return w.chunks[i].first > number }) - 1
	return i, int(number - w.chunks[i].first)
}
