// Package content is what stands in the blocks of a recording: sections of what feeds delivered, and notes, each a line of
// JSON. Its functions may be called from any goroutine and wait for nothing.
package content

import (
	"encoding/binary"
	"encoding/json"
	"errors"

	"signalbox/bus"
)

// Sort says what a section is.
type Sort byte

// Sorts of sections.
const (
	Batch Sort = 1 + iota // messages
	Gap                   // a stretch that was or may have been missed
	Drop                  // messages that came and were let go
)

// Section is what was delivered of a station at once.
type Section struct {
	Sort     Sort
	Station  int
	Received int64      // when, in nanoseconds since 1970
	Packed   bus.Packed // of a Batch
	Gap      bus.Gap
	Dropped  uint64
}

// ErrDamaged is the error about bytes that are no sections.
var ErrDamaged = errors.New("its sections cannot be read")

// Append appends a section as bytes. What is packed is copied, once.
func (s *Section) Append(to []byte) []byte {
	to = append(to, byte(s.Sort))
	to = binary.AppendUvarint(to, uint64(s.Station))
	to = binary.LittleEndian.AppendUint64(to, uint64(s.Received))
	switch s.Sort {
	case Batch:
		to = binary.AppendUvarint(to, uint64(s.Packed.Count))
		to = binary.LittleEndian.AppendUint64(to, uint64(s.Packed.Nano))
		to = binary.LittleEndian.AppendUint64(to, s.Packed.Major)
		to = binary.AppendUvarint(to, uint64(len(s.Packed.Memory)))
		to = append(to, s.Packed.Memory...)
	case Gap:
		text, _ := json.Marshal(s.Gap) // times and numbers
		to = binary.AppendUvarint(to, uint64(len(text)))
		to = append(to, text...)
	case Drop:
		to = binary.AppendUvarint(to, s.Dropped)
	}
	return to
}

// Next reads the first section, which shares the memory of what it is read from, and gives back the rest.
func (s *Section) Next(from []byte) (rest []byte, err error) {
	r := reader{from: from}
	*s = Section{Sort: Sort(r.one())}
	station := r.number()
	s.Received = int64(r.fixed())
	s.Station = int(station & (1<<31 - 1))
	switch s.Sort {
	case Batch:
		count := r.number()
		s.Packed.Count = int(min(count, 1<<31))
		s.Packed.Nano, s.Packed.Major = int64(r.fixed()), r.fixed()
		s.Packed.Memory = r.text()
	case Gap:
		if text := r.text(); !r.failed && json.Unmarshal(text, &s.Gap) != nil {
			return nil, ErrDamaged
		}
	case Drop:
		s.Dropped = r.number()
	default:
		return nil, ErrDamaged
	}
	if r.failed || station >= 1<<31 {
		return nil, ErrDamaged
	}
	return r.from, nil
}

// Rest is Next where it is enough to know that nothing follows that can be read: it is nil then, and never otherwise.
func (s *Section) Rest(from []byte) []byte {
	rest, err := s.Next(from)
	if err != nil {
		return nil
	}
	return rest[:len(rest):len(rest)]
}

// reader takes numbers and texts from bytes, until there are no more.
type reader struct {
	from   []byte
	failed bool
}

func (r *reader) take(n uint64) []byte {
	if n > uint64(len(r.from)) {
		r.failed, r.from = true, nil
		return nil
	}
	taken := r.from[:n:n]
	r.from = r.from[n:]
	return taken
}

func (r *reader) one() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) number() uint64 {
	n, size := binary.Uvarint(r.from)
	if size <= 0 {
		r.failed, r.from = true, nil
		return 0
	}
	r.from = r.from[size:]
	return n
}

func (r *reader) fixed() uint64 {
	if b := r.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

func (r *reader) text() []byte { return r.take(r.number()) }
