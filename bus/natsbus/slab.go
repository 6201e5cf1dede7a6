package natsbus

import (
	"encoding/binary"
	"slices"
	"unsafe"

	"signalbox/bus"
)

// Bounds of a slab, and so of a batch. A message larger than that has a slab of its own.
const (
	slabMessages = 2048
	slabBytes    = 128 << 10
	smallSlab    = 512
)

// slab holds what will be one batch as bytes alone, so that a backlog of a million messages costs little more than
// their payloads, and the garbage collector nothing. Batches point into it, so it is not used again.
type slab struct {
	data     []byte
	count    int
	subject  string // of the newest message, as kept in data
	nano     int64  // of the newest message
	gaps     []bus.Gap
	caughtUp bool
}

// weight is about what a message takes, before it is added.
func weight(m *bus.Message) int {
	size := len(m.Data) + len(m.Subject) + 24
	for _, h := range m.Headers {
		size += len(h.Name) + len(h.Value) + 4
	}
	return size
}

// full tells whether a message of a weight does not fit any more.
func (s *slab) full(weight, most int) bool {
	return s.count >= slabMessages || s.count > 0 && len(s.data)+weight > most
}

// add appends a message: subject (empty: as before), time since the one before, sequence, headers, payload.
func (s *slab) add(m *bus.Message) {
	if size := weight(m); len(s.data)+size > cap(s.data) {
		s.data = slices.Grow(s.data, max(size, len(s.data)))
	}
	subject := m.Subject
	if s.count > 0 && subject == s.subject {
		subject = ""
	} else {
		s.subject = subject
	}
	b := appendText(s.data, subject)
	b = binary.AppendVarint(b, m.UnixNano-s.nano)
	b = binary.AppendUvarint(b, m.Position.Major)
	b = binary.AppendUvarint(b, uint64(len(m.Headers)))
	for _, h := range m.Headers {
		b = appendText(appendText(b, h.Name), h.Value)
	}
	b = binary.AppendUvarint(b, uint64(len(m.Data)))
	b = append(b, m.Data...)
	s.data = b
	s.nano = m.UnixNano
	s.count++
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

// unpack fills a batch with the messages, which point into the slab.
func (s *slab) unpack(b *bus.Batch) {
	r := slabReader{s.data}
	var subject string
	var nano int64
	for range s.count {
		if text := r.text(); text != "" {
			subject = text
		}
		nano += r.signed()
		m := bus.Message{Subject: subject, UnixNano: nano, Position: bus.Position{Major: r.number()}}
		if n := r.number(); n > 0 {
			m.Headers = make(bus.Headers, n)
			for i := range m.Headers {
				m.Headers[i] = bus.Header{Name: r.text(), Value: r.text()}
			}
		}
		m.Data = r.bytes()
		m.Size = len(m.Data)
		b.Messages = append(b.Messages, m)
	}
	b.Gaps, b.CaughtUp = s.gaps, s.caughtUp
}

// slabReader reads what add wrote, in the same order.
type slabReader struct{ rest []byte }

func (r *slabReader) number() uint64 {
	n, used := binary.Uvarint(r.rest)
	r.rest = r.rest[used:]
	return n
}

func (r *slabReader) signed() int64 {
	n, used := binary.Varint(r.rest)
	r.rest = r.rest[used:]
	return n
}

func (r *slabReader) bytes() []byte {
	n := r.number()
	part := r.rest[:n:n]
	r.rest = r.rest[n:]
	return part
}

// text shares the slab's memory, which nobody changes any more.
func (r *slabReader) text() string {
	part := r.bytes()
	return unsafe.String(unsafe.SliceData(part), len(part))
}
