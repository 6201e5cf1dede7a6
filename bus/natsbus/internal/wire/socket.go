package wire

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// socket takes the protocol out of the frames of a WebSocket, and puts what passes into frames of its own: the client library
// wants frames, and makes room for all that one announces. Frames of control, such as a ping, pass as they are.
type socket struct {
	from     *bufio.Reader
	upgraded bool   // the server's answer in HTTP has passed
	answer   int    // bytes of it that have passed
	line     int    // bytes of its line that have passed
	carriage bool   // the last of them ends a line together with the next
	whole    bool   // no message is in the middle of its frames
	left     uint64 // bytes of the frame that are yet to come
	control  []byte // a frame of control that is yet to pass
}

// Parts of frames.
const (
	final      = 0x80
	masked     = 0x80
	opcode     = 0x0f
	continues  = 0x0
	binaryData = 0x2
	closes     = 0x8
	pong       = 0xa

	maxControl = 125 // bytes of a frame of control
	maxShort   = 125 // bytes of which a frame tells in one
	twoBytes   = 126 // instead of a length: it comes in two bytes
	maxHeader  = 4   // of the frames that are made here
	maxFrame   = 1<<16 - 1
)

const maxAnswer = 64 << 10

var (
	errControl = errors.New("a frame of control") // comes before what is read
	errFrame   = errors.New("the server sends what is no frame of a WebSocket")
)

func newSocket(from io.Reader) *socket { return &socket{from: bufio.NewReader(from), whole: true} }

// pass reads what the client library is to see; read reads of the protocol what passes.
func (s *socket) pass(p []byte, read func([]byte) (int, error)) (int, error) {
	if !s.upgraded {
		return s.upgrade(p)
	}
	if len(s.control) == 0 {
		n, err := read(p[maxHeader:min(len(p), maxHeader+maxFrame)])
		if !errors.Is(err, errControl) {
			return frame(p, n), err
		}
	}
	n := copy(p, s.control)
	s.control = s.control[n:]
	return n, nil
}

// frame makes a frame of the n bytes behind the room for its header.
func frame(p []byte, n int) int {
	switch {
	case n == 0:
		return 0
	case n <= maxShort:
		p[0], p[1] = final|binaryData, byte(n)
		return 2 + copy(p[2:], p[maxHeader:maxHeader+n])
	}
	p[0], p[1] = final|binaryData, twoBytes
	binary.BigEndian.PutUint16(p[2:], uint16(n))
	return maxHeader + n
}

// upgrade has the server's answer pass, up to the empty line at its end.
func (s *socket) upgrade(p []byte) (int, error) {
	if _, err := s.from.Peek(1); err != nil {
		return 0, err
	}
	b, err := s.from.Peek(min(s.from.Buffered(), len(p)))
	if err != nil {
		return 0, err
	}
	n := 0
	for !s.upgraded && n < len(b) {
		s.line++
		if b[n] == '\n' {
			s.upgraded = s.line == 1 || s.line == 2 && s.carriage
			s.line = 0
		}
		s.carriage = b[n] == '\r'
		n++
	}
	if s.answer += n; s.answer > maxAnswer {
		return 0, fmt.Errorf("the server answers with more than %d bytes of HTTP", maxAnswer)
	}
	copy(p, b[:n])
	_, err = s.from.Discard(n)
	return n, err
}

// Read reads of what frames carry.
func (s *socket) Read(p []byte) (int, error) {
	for s.left == 0 {
		if err := s.next(); err != nil {
			return 0, err
		}
	}
	n, err := s.from.Read(p[:min(uint64(len(p)), s.left)])
	s.left -= uint64(n)
	return n, err
}

// next reads the beginning of a frame, or a frame of control.
func (s *socket) next() error {
	var head [2]byte
	if _, err := io.ReadFull(s.from, head[:]); err != nil {
		return err
	}
	kind, ends := head[0]&^final, head[0]&final != 0
	switch {
	case head[1]&masked != 0, kind > opcode:
		return errFrame // kind > opcode: compressed, which was not asked for
	case kind >= closes && kind <= pong:
		if !ends || head[1] > maxControl {
			return errFrame
		}
		s.control = append(s.control[:0], head[:]...)
		s.control = append(s.control, make([]byte, head[1])...)
		if _, err := io.ReadFull(s.from, s.control[len(head):]); err != nil {
			s.control = nil
			return err
		}
		return errControl
	case (kind == continues) == s.whole, kind > binaryData:
		return errFrame
	}
	s.whole = ends
	return s.length(head[1])
}

// length reads how long a frame is.
func (s *socket) length(short byte) error {
	s.left = uint64(short)
	if short <= maxShort {
		return nil
	}
	var b [8]byte
	long := b[6:]
	if short > twoBytes {
		long = b[:]
	}
	if _, err := io.ReadFull(s.from, long); err != nil {
		return err
	}
	s.left = binary.BigEndian.Uint64(b[:])
	return nil
}
