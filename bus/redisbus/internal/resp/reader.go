// Package resp reads and writes the Redis protocol, version 2, on a connection of its own. go-redis makes a map of every
// answer and a string of every value, which loses the order of an entry's fields and half of the throughput.
//
// A Conn or Reader belongs to one goroutine at a time, except Close, and writing where its owner guards that. Reading and
// writing block until the server answers, the time is over or Close. Whatever the server sends, a Reader holds little more
// of it than BufferSize, ends with an error when it is not the protocol, and never panics. An error that the server
// answers is an Error; after any other the connection is of no use any more.
package resp

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"
)

// BufferSize is how much of what the server sent a Reader holds at most; larger values are read in parts. It begins small,
// because there may be thousands that have little to read.
const (
	BufferSize = 256 << 10
	firstSize  = 4 << 10
)

// ErrProtocol is wrapped by errors about bytes that are not the Redis protocol.
var ErrProtocol = errors.New("the server does not speak the Redis protocol")

// Token is the beginning of a value: its kind as the protocol writes it, and a number or a text.
type Token struct {
	Kind byte   // '*' array, '$' string, ':' integer, '+' status, '-' error
	N    int64  // of an array its elements, of a string its bytes, -1 for nil; the integer itself
	Text []byte // of a status or an error; a view until the next read
}

// Error is an error that the server answered, in its words.
type Error string

func (e Error) Error() string { return string(e) }

// Reader reads the Redis protocol, version 2, without allocating for what fits its buffer.
type Reader struct {
	src      io.Reader
	buf      []byte
	from, to int       // unread are buf[from:to]
	Arrived  time.Time // when the newest bytes arrived
	Taken    int64     // bytes that arrived in all
}

// NewReader makes a Reader of what src brings.
func NewReader(src io.Reader) *Reader {
	return &Reader{src: src, buf: make([]byte, firstSize), Arrived: time.Now()}
}

// fill reads more behind what is unread. A buffer that the last read filled grows: there is more to come.
func (r *Reader) fill() error {
	unread, to := r.buf[r.from:r.to], r.buf
	if r.to == len(r.buf) && len(r.buf) < BufferSize {
		to = make([]byte, 4*len(r.buf))
	}
	r.from, r.to, r.buf = 0, copy(to, unread), to
	if r.to == len(r.buf) {
		return fmt.Errorf("%w: a line of more than %d bytes", ErrProtocol, len(r.buf))
	}
	n, err := r.src.Read(r.buf[r.to:])
	if n > 0 {
		r.to += n
		r.Arrived, r.Taken = time.Now(), r.Taken+int64(n)
		return nil
	}
	if err == nil {
		err = io.ErrNoProgress
	}
	return err
}

// line reads up to the end of a line. The result is a view until the next read.
func (r *Reader) line() ([]byte, error) {
	searched := 0
	for {
		if i := bytes.IndexByte(r.buf[r.from+searched:r.to], '\n'); i >= 0 {
			end := r.from + searched + i
			line := r.buf[r.from:end]
			r.from = end + 1
			if last := len(line) - 1; last >= 0 && line[last] == '\r' {
				line = line[:last]
			}
			return line, nil
		}
		searched = r.to - r.from
		if err := r.fill(); err != nil {
			return nil, err
		}
	}
}

// Next reads the beginning of a value. The bytes of a bulk string and the elements of an array follow.
func (r *Reader) Next() (Token, error) {
	line, err := r.line()
	if err != nil {
		return Token{}, err
	}
	if len(line) == 0 {
		return Token{}, fmt.Errorf("%w: an empty line", ErrProtocol)
	}
	t := Token{Kind: line[0]}
	switch t.Kind {
	case '+', '-':
		t.Text = line[1:]
		return t, nil
	case '*', '$', ':':
		if t.N, err = number(line[1:]); err != nil || t.Kind != ':' && t.N < -1 {
			return Token{}, fmt.Errorf("%w: %.20q where a length belongs", ErrProtocol, line)
		}
		return t, nil
	}
	return Token{}, fmt.Errorf("%w: a value that begins with %q", ErrProtocol, line[:1])
}

// number parses what is nearly always one to four digits.
func number(digits []byte) (int64, error) {
	if len(digits) == 0 || len(digits) > 9 {
		return strconv.ParseInt(string(digits), 10, 64)
	}
	var n int64
	for _, d := range digits {
		if d < '0' || d > '9' {
			return strconv.ParseInt(string(digits), 10, 64)
		}
		n = n*10 + int64(d-'0')
	}
	return n, nil
}

// Bulk reads the n bytes of a bulk string and keeps at most keep of them. The result is a view until the next read,
// unless own says that it is memory of its own.
func (r *Reader) Bulk(n, keep int64) (data []byte, own bool, err error) {
	if n < 0 {
		return nil, false, nil
	}
	if n > BufferSize-int64(len("\r\n")) {
		data, err = r.large(n, keep)
		return data, true, err
	}
	for int64(r.to-r.from) < n+2 {
		if err := r.fill(); err != nil {
			return nil, false, err
		}
	}
	data = r.buf[r.from : r.from+int(n)]
	r.from += int(n) + 2
	return data[:min(n, keep)], false, nil
}

// Buffered is how many bytes have arrived and are not read yet.
func (r *Reader) Buffered() int { return r.to - r.from }

// BulkAfter reads a bulk string that lies whole in the buffer behind a certain head, which ends with the '$'; false, and
// nothing is read, when there is none. The result is a view until the next read.
func (r *Reader) BulkAfter(head []byte) ([]byte, bool) {
	rest := r.buf[r.from:r.to]
	if !bytes.HasPrefix(rest, head) {
		return nil, false
	}
	digits, n := len(head), 0
	for ; digits < len(rest) && '0' <= rest[digits] && rest[digits] <= '9' && n < BufferSize; digits++ {
		n = n*10 + int(rest[digits]-'0')
	}
	start := digits + len("\r\n")
	end := start + n
	if digits == len(head) || end+2 > len(rest) || rest[digits] != '\r' {
		return nil, false
	}
	r.from += end + 2
	return rest[start:end], true
}

// large reads a bulk string that does not fit the buffer. Memory grows with what has arrived, not with what is announced.
func (r *Reader) large(n, keep int64) ([]byte, error) {
	var data []byte
	for left := n; left > 0; {
		if r.from == r.to {
			if err := r.fill(); err != nil {
				return nil, err
			}
		}
		part := r.buf[r.from:r.to]
		part = part[:min(int64(len(part)), left)]
		data = append(data, part[:min(int64(len(part)), keep-int64(len(data)))]...)
		r.from += len(part)
		left -= int64(len(part))
	}
	_, err := r.line()
	return data, err
}
