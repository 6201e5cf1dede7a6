// Package packed writes numbers and texts as bytes, and reads them again without copying: what is read shares memory with
// the bytes that it was read from.
package packed

import (
	"encoding/binary"
	"unsafe"
)

// AppendText writes a text, to be read by Reader.Text.
func AppendText[T string | []byte](to []byte, s T) []byte {
	return append(binary.AppendUvarint(to, uint64(len(s))), s...)
}

// Reader reads from the front of its bytes. Once something was wrong it is bad, and reads nothing more.
type Reader struct {
	Bytes []byte
	Bad   bool
}

// Fail makes r bad.
func (r *Reader) Fail() { r.Bytes, r.Bad = nil, true }

// Uint reads a number that binary.AppendUvarint wrote.
func (r *Reader) Uint() uint64 {
	if len(r.Bytes) > 0 && r.Bytes[0] < 0x80 {
		n := r.Bytes[0]
		r.Bytes = r.Bytes[1:]
		return uint64(n)
	}
	n, size := binary.Uvarint(r.Bytes)
	if size <= 0 {
		r.Fail()
		return 0
	}
	r.Bytes = r.Bytes[size:]
	return n
}

// Raw reads n bytes.
func (r *Reader) Raw(n uint64) []byte {
	if n > uint64(len(r.Bytes)) {
		r.Fail()
		return nil
	}
	out := r.Bytes[:n:n]
	r.Bytes = r.Bytes[n:]
	return out
}

// Text reads a text that AppendText wrote.
func (r *Reader) Text() string { return String(r.Raw(r.Uint())) }

// String is the bytes as a string that shares them.
func String(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// Clone copies a text that may share memory which is used again.
func Clone(s string) string { return string([]byte(s)) }

// Offset is where in data s begins, when it is a part of it and not a copy; else -1.
func Offset(data []byte, s string) int {
	at := uintptr(unsafe.Pointer(unsafe.StringData(s))) - uintptr(unsafe.Pointer(unsafe.SliceData(data)))
	if len(s) > 0 && at < uintptr(len(data)) {
		return int(at)
	}
	return -1
}
