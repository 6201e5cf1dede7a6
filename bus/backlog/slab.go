package backlog

import (
	"encoding/binary"
	"sync"
	"unsafe"

	"signalbox/bus"
)

// Slab is what will be one batch.
type Slab struct {
	data     []byte // its capacity stays
	count    int
	headers  int    // of all messages
	subject  string // of the newest message, as kept in data
	nano     int64  // of the newest message
	gaps     []bus.Gap
	caughtUp bool
}

// slabs are those of the full size that are not in use: in a flood the same few go round.
var slabs = sync.Pool{New: func() any { return &Slab{data: make([]byte, 0, mostSlab)} }}

func newSlab(size int) *Slab {
	if size == mostSlab {
		return slabs.Get().(*Slab)
	}
	return &Slab{data: make([]byte, 0, size)}
}

// Held is how many bytes of memory the slab takes.
func (s *Slab) Held() int64 { return int64(cap(s.data)) }

// release gives the slab back, when nothing points into it any more.
func (s *Slab) release() {
	if cap(s.data) == mostSlab {
		*s = Slab{data: s.data[:0]}
		slabs.Put(s)
	}
}

// Most bytes that a message takes besides its texts and its payload, and a header besides its own.
const (
	messageCost = 7 * binary.MaxVarintLen64
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
	return s.count < slabMessages && len(s.data)+weight <= cap(s.data)
}

// add appends a message: its subject (0: as before), the time since the one before, position, headers, payload, and how
// much of the payload was left out.
func (s *Slab) add(m *bus.Message) {
	b := s.data
	if s.count > 0 && m.Subject == s.subject {
		b = append(b, 0)
	} else {
		b = binary.AppendUvarint(b, uint64(len(m.Subject))+1)
		b = append(b, m.Subject...)
		s.subject = m.Subject
	}
	b = binary.AppendVarint(b, m.UnixNano-s.nano)
	b = binary.AppendUvarint(b, m.Position.Major)
	b = binary.AppendUvarint(b, m.Position.Minor)
	b = binary.AppendUvarint(b, uint64(len(m.Headers)))
	for _, h := range m.Headers {
		b = appendText(appendText(b, h.Name), h.Value)
	}
	b = binary.AppendUvarint(b, uint64(len(m.Data)))
	b = append(b, m.Data...)
	s.data = binary.AppendUvarint(b, uint64(m.Size-len(m.Data)))
	s.nano = m.UnixNano
	s.count++
	s.headers += len(m.Headers)
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

// reader reads what add wrote, in the same order.
type reader struct{ rest []byte }

func (r *reader) number() uint64 {
	if len(r.rest) > 0 && r.rest[0] < 0x80 { // nearly always
		n := r.rest[0]
		r.rest = r.rest[1:]
		return uint64(n)
	}
	n, used := binary.Uvarint(r.rest)
	r.rest = r.rest[used:]
	return n
}

func (r *reader) signed() int64 {
	n, used := binary.Varint(r.rest)
	r.rest = r.rest[used:]
	return n
}

func (r *reader) bytes(n uint64) []byte {
	part := r.rest[:n:n]
	r.rest = r.rest[n:]
	return part
}

// text shares the slab's memory, which nobody changes while its batch is in use.
func (r *reader) text(n uint64) string {
	part := r.bytes(n)
	return unsafe.String(unsafe.SliceData(part), len(part))
}
