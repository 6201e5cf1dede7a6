package backlog

import (
	"encoding/binary"
	"sync"
	"unsafe"

	"signalbox/bus"
)

// Slab is what will be one batch: texts and payloads from the front, numbers from the back, towards each other. So whoever
// makes the batch reads the numbers alone, which lie close together.
type Slab struct {
	data     []byte // its capacity stays
	back     int    // where in its capacity the numbers begin
	count    int
	headers  int    // of all messages
	subject  string // of the newest message, as kept in data
	nano     int64  // of the newest message
	gaps     []bus.Gap
	caughtUp bool
}

// slabs are those of the full size that are not in use: in a flood the same few go round.
var slabs = sync.Pool{New: func() any { return emptySlab(mostSlab) }}

func emptySlab(size int) *Slab { return &Slab{data: make([]byte, 0, size), back: size} }

func newSlab(size int) *Slab {
	if size == mostSlab {
		return slabs.Get().(*Slab)
	}
	return emptySlab(size)
}

// Held is how many bytes of memory the slab takes.
func (s *Slab) Held() int64 { return int64(cap(s.data)) }

// release gives the slab back, when nothing points into it any more.
func (s *Slab) release() {
	if cap(s.data) == mostSlab {
		*s = Slab{data: s.data[:0], back: mostSlab}
		slabs.Put(s)
	}
}

// Most bytes that a message takes besides its texts and its payload, and a header besides its own.
const (
	messageCost = 8 * binary.MaxVarintLen64
	headerCost  = 2 * binary.MaxVarintLen64
)

// weigh is the most that a message takes.
func weigh(m *bus.Message) int {
	weight := len(m.Data) + len(m.Subject) + messageCost
	for _, h := range m.Headers {
		weight += len(h.Name) + len(h.Value) + headerCost
	}
	return weight
}

func (s *Slab) room(weight int) bool {
	return s.count < slabMessages && len(s.data)+weight <= s.back
}

// add appends a message: its subject (0: as before), the time since the one before, position, number of headers, partition, headers, payload, and how
// much of the payload was left out.
func (s *Slab) add(m *bus.Message) {
	if s.count > 0 && m.Subject == s.subject {
		s.number(0)
	} else {
		s.number(uint64(len(m.Subject)) + 1)
		s.data = append(s.data, m.Subject...)
		s.subject = m.Subject
	}
	since := m.UnixNano - s.nano
	s.number(uint64(since<<1 ^ since>>63))
	s.number(m.Position.Major)
	s.number(m.Position.Minor)
	// Most positions have no partition: that there is one is told by the lowest bit of the number that follows.
	if m.Position.Partition == 0 {
		s.number(uint64(len(m.Headers)) << 1)
	} else {
		s.number(uint64(len(m.Headers))<<1 | 1)
		s.number(uint64(m.Position.Partition))
	}
	for _, h := range m.Headers {
		s.text(h.Name)
		s.text(h.Value)
	}
	s.number(uint64(len(m.Data)))
	s.data = append(s.data, m.Data...)
	s.number(uint64(m.Size - len(m.Data)))
	s.nano = m.UnixNano
	s.count++
	s.headers += len(m.Headers)
}

func (s *Slab) text(text string) {
	s.number(uint64(len(text)))
	s.data = append(s.data, text...)
}

// number writes a number as groups of seven bits, the lowest first, towards the front; all but the last are marked.
func (s *Slab) number(n uint64) {
	room := s.data[:cap(s.data)]
	for ; n >= 0x80; n >>= 7 {
		s.back--
		room[s.back] = byte(n) | 0x80
	}
	s.back--
	room[s.back] = byte(n)
}

// reader reads what add wrote, in the same order.
type reader struct{ data, numbers []byte }

func (s *Slab) reader() reader { return reader{s.data, s.data[s.back:cap(s.data)]} }

func (r *reader) number() uint64 {
	last := len(r.numbers) - 1
	n := uint64(r.numbers[last])
	for shift := 7; r.numbers[last] >= 0x80; shift += 7 {
		last--
		n = n&(1<<shift-1) | uint64(r.numbers[last])<<shift
	}
	r.numbers = r.numbers[:last]
	return n
}

func (r *reader) signed() int64 {
	n := r.number()
	return int64(n>>1) ^ -int64(n&1)
}

func (r *reader) bytes(n uint64) []byte {
	part := r.data[:n:n]
	r.data = r.data[n:]
	return part
}

// text shares the slab's memory, which nobody changes while its batch is in use.
func (r *reader) text(n uint64) string {
	part := r.bytes(n)
	return unsafe.String(unsafe.SliceData(part), len(part))
}
