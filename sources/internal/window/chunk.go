package window

import (
	"encoding/binary"
	"math"
	"slices"
	"unsafe"
)

// chunk is a part of the window: one page with records and their entries from the front, and where each record lies
// from the back; and the batches that the messages lie in. Nothing in the page is a pointer, and the chunk leaves as a
// whole.
type chunk struct {
	page      []byte
	first     uint64 // number of its first event
	n         int    // events in it
	copies    uint64 // of them, how many tell of applications' copies
	front     int    // bytes used from the front
	byStation counts
	sources   []*Source
	amended   []byte // records that have taken the place of others, with their entries
	brought   int    // bytes of batches whose first event is here
	most      int    // bytes of batches that it may bring

	// What the present search found in it: a bit an event.
	marks  []uint64
	marked int
	search uint64 // the search that the marks are of
}

// record is the fixed part of an event. Its entry follows it, see appendEntry.
type record struct {
	at      uint32 // place of the message in its batch
	back    uint32
	version uint32
	batch   uint16 // in the chunk's sources
	typ     uint16
	kind    uint16
	status  uint16
	station uint16
	flags   uint16
}

const (
	recordSize  = int(unsafe.Sizeof(record{}))
	recordAlign = int(unsafe.Alignof(record{}))
	offsetSize  = 4
)

// room tells whether an event whose entry has so many bytes has room.
func (c *chunk) room(bytes int) bool {
	return c.front+recordSize+bytes+offsetSize*(c.n+1) <= len(c.page) && c.brought <= c.most && len(c.sources) < math.MaxUint16
}

// begin is where the record of the next event and its entry, to be appended, belong.
func (c *chunk) begin() (*record, []byte) {
	entry := c.front + recordSize
	return (*record)(unsafe.Pointer(&c.page[c.front])), c.page[entry:entry]
}

// end counts the event that was begun, whose entry has so many bytes.
func (c *chunk) end(bytes int, station uint16) {
	c.n++
	binary.LittleEndian.PutUint32(c.page[len(c.page)-offsetSize*c.n:], uint32(c.front))
	c.front = (c.front + recordSize + bytes + recordAlign - 1) &^ (recordAlign - 1)
	c.byStation.add(station)
}

// at is the record at a place in the chunk, and all of the page behind it.
func (c *chunk) at(i int) (*record, []byte) {
	at := binary.LittleEndian.Uint32(c.page[len(c.page)-offsetSize*(i+1):])
	if at&isAmended != 0 {
		at &^= isAmended
		return (*record)(unsafe.Pointer(&c.amended[at])), c.amended[int(at)+recordSize:]
	}
	return (*record)(unsafe.Pointer(&c.page[at])), c.page[int(at)+recordSize:]
}

// isAmended says of a place that it lies in the chunk's amended records.
const isAmended = uint32(1) << 31

// amend puts another record, and the entry that f makes, in the place of an event's, whose payload is data.
func (c *chunk) amend(i int, data []byte, f *Facts) {
	is, _ := c.at(i)
	r := *is
	from := (len(c.amended) + recordAlign - 1) &^ (recordAlign - 1)
	to := slices.Grow(c.amended, from-len(c.amended)+recordSize+bound(data, f))[:from+recordSize]
	var flags uint16
	c.amended, flags = appendEntry(to, data, f)
	r.version, r.status, r.flags = f.Version, f.Status, flags
	*(*record)(unsafe.Pointer(&c.amended[from])) = r
	binary.LittleEndian.PutUint32(c.page[len(c.page)-offsetSize*(i+1):], uint32(from)|isAmended)
}

// get is an event by its place in the chunk.
func (c *chunk) get(i int) Held {
	r, entry := c.at(i)
	return Held{r, entry, c.sources[r.batch].batch}
}
