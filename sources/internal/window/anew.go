package window

// Anew begins another window of the events that are held, with other facts: those are told one after the other, by Add, from an
// event on, which is the first of its chunk and not the one asked for where that lies within one; Take has them take the place
// of what w says of its events, whose messages stay where they are. What is added to w meanwhile is to be told, too, and what
// leaves w leaves both. Only First, Next, Has, Get, Each and Add may be called of such a window.
func (w *Window) Anew(from uint64) *Window {
	w.DropAnew()
	a := &Window{Options: w.Options, of: w, next: w.next}
	for _, c := range w.chunks {
		if c.first+uint64(c.n) > from {
			a.next = c.first
			break
		}
	}
	w.anew = a
	return a
}

// PagesFrom is how many bytes the window takes beside its messages, for events from one on.
func (w *Window) PagesFrom(from uint64) (bytes int64) {
	for _, c := range w.chunks {
		if c.first+uint64(c.n) > from {
			bytes += int64(len(c.page) + cap(c.amended))
		}
	}
	return bytes
}

// Skipped tells whether events left before they were told.
func (w *Window) Skipped() bool { return w.skipped }

// retell adds what is now said of the next event.
func (w *Window) retell(data []byte, f *Facts) {
	i, at := w.of.find(w.next)
	was := w.of.chunks[i]
	if at == 0 {
		w.chunks = append(w.chunks, &chunk{page: make([]byte, len(was.page)), first: was.first})
		w.of.held += int64(len(was.page))
	}
	c := w.newest()
	c.sources = was.sources
	most := bound(data, f)
	if need := c.front + recordSize + most + offsetSize*(c.n+1); need > len(c.page) {
		w.of.held += int64(c.widen(need))
	}
	r, entry := c.begin()
	entry, flags := appendEntry(entry, data, f)
	old, _ := was.at(at)
	*r = record{
		at: old.at, batch: old.batch, back: uint32(f.Back), version: f.Version, station: f.Station,
		kind: f.Kind, typ: f.Type, status: f.Status, flags: flags,
	}
	c.end(len(entry), f.Station)
	if w.next++; f.Copy {
		c.copies++
		w.copies++
	}
}

// widen gives a chunk a larger page, with room for so many bytes at least, and tells by how much.
func (c *chunk) widen(need int) int {
	page := make([]byte, need+need/4)
	copy(page, c.page[:c.front])
	offsets := offsetSize * c.n
	copy(page[len(page)-offsets:], c.page[len(c.page)-offsets:])
	grown := len(page) - len(c.page)
	c.page = page
	return grown
}

// drop lets a chunk go that leaves the window whose events are told anew.
func (w *Window) drop(c *chunk) {
	if len(w.chunks) > 0 && w.chunks[0].first == c.first {
		w.of.held -= int64(len(w.chunks[0].page))
		w.copies -= w.chunks[0].copies
		w.chunks = w.chunks[1:]
	}
	if end := c.first + uint64(c.n); w.next < end {
		w.next, w.skipped = end, true
	}
}

// DropAnew forgets what was told anew.
func (w *Window) DropAnew() {
	if w.anew == nil {
		return
	}
	for _, c := range w.anew.chunks {
		w.held -= int64(len(c.page))
	}
	w.anew = nil
}

// Take has what was told anew of all events take the place of what was said of them. Those before the first that was told leave.
func (w *Window) Take() {
	a := w.anew
	for len(w.chunks) > len(a.chunks) {
		w.evict()
	}
	for i, c := range w.chunks {
		fresh := a.chunks[i]
		w.held -= int64(len(c.page) + cap(c.amended))
		c.amended = nil
		c.page, c.front, c.copies, c.search, c.marked = fresh.page, fresh.front, fresh.copies, 0, 0
	}
	w.copies, w.anew = a.copies, nil
	w.Grown()
}
