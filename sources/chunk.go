package sources

import (
	"encoding/binary"
	"math/bits"
	"unsafe"
)

// chunk is a stretch of the window: one page with records and what belongs to them from the front, and where each
// record lies from the back. Nothing in the page is a pointer, and the chunk leaves as a whole.
type chunk struct {
	page      []byte
	first     uint64 // number of its first event
	n         int    // events in it
	front     int    // bytes used from the front
	byStation []uint32
	loans     []*loan // where some payloads lie
	borrowed  int     // bytes of them

	// What the present search found in it: a bit an event.
	marks  []uint64
	marked int
	search uint64 // the search that the marks are of
}

// record is the fixed part of an event in the window. Its entry follows it, see appendEntry, and then its payload, or a
// reference to where that lies.
type record struct {
	unixNano int64
	back     uint32 // how many events ago the entity's event before this one was; 0 when there is none
	version  uint32
	head     uint32 // bytes of the entry
	data     uint32 // bytes of payload
	typ      uint16 // in the engine's dictionary of types; 0 when the entry has it
	kind     uint16 // in the engine's kinds, + 1
	station  uint16
	flags    uint16
}

const (
	recordSize = int(unsafe.Sizeof(record{}))
	offsetSize = 4
)

// room tells whether an event with so many bytes has room.
func (c *chunk) room(bytes int) bool {
	return c.front+recordSize+bytes+offsetSize*(c.n+1) <= len(c.page) && c.borrowed <= mostBorrowed*len(c.page)
}

// add appends an event; its bytes are written by the caller into what is returned with the record.
func (c *chunk) add(bytes int) (*record, []byte) {
	at := c.front
	c.front = (at + recordSize + bytes + 7) &^ 7 // records are aligned
	c.n++
	binary.LittleEndian.PutUint32(c.page[len(c.page)-offsetSize*c.n:], uint32(at))
	return c.at(c.n - 1)
}

// at is the record at a place in the chunk, and all of the page behind it.
func (c *chunk) at(i int) (*record, []byte) {
	at := binary.LittleEndian.Uint32(c.page[len(c.page)-offsetSize*(i+1):])
	return (*record)(unsafe.Pointer(&c.page[at])), c.page[int(at)+recordSize:]
}

// get is an event by its place in the chunk: its record, its entry and its payload.
func (c *chunk) get(i int) (r *record, entry, data []byte) {
	r, bytes := c.at(i)
	entry, bytes = bytes[:r.head:r.head], bytes[r.head:]
	if r.flags&isLent != 0 {
		return r, entry, c.lent(bytes, r.data)
	}
	return r, entry, bytes[:r.data:r.data]
}

// mark says whether the event at i is one that the search wants.
func (c *chunk) mark(search uint64, i int, wanted bool) {
	if c.search != search {
		c.search, c.marked = search, 0
		clear(c.marks)
	}
	for len(c.marks) <= i/64 {
		c.marks = append(c.marks, 0)
	}
	if wanted {
		c.marks[i/64] |= 1 << (i % 64)
		c.marked++
	}
}

// found is how many marks of the search there are.
func (c *chunk) found(search uint64) int {
	if c.search != search {
		return 0
	}
	return c.marked
}

// rank is how many marks lie before i.
func (c *chunk) rank(search uint64, i int) int {
	n := 0
	if c.search == search {
		for w := 0; w < len(c.marks) && w <= i/64; w++ {
			word := c.marks[w]
			if w == i/64 {
				word &= 1<<(i%64) - 1
			}
			n += bits.OnesCount64(word)
		}
	}
	return n
}

// nth is the place of the mark with that rank.
func (c *chunk) nth(rank int) int {
	for w, word := range c.marks {
		if n := bits.OnesCount64(word); rank >= n {
			rank -= n
			continue
		}
		for ; rank > 0; rank-- {
			word &= word - 1
		}
		return w*64 + bits.TrailingZeros64(word)
	}
	return -1
}
