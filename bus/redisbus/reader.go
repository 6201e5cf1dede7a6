package redisbus

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"
)

// A reader holds at most readerSize of what the server sent; larger values are read past it. It begins small, because
// there may be thousands that have little to read.
const (
	readerSize  = 256 << 10
	readerStart = 4 << 10
)

var errProtocol = errors.New("the server does not speak the Redis protocol")

// token is the beginning of a value on the wire: its sort as the protocol writes it ('*', '$', ':', '+', '-'), and
// either a number (elements, bytes, the integer; -1 for nil) or a text, which is a view until the next read.
type token struct {
	kind byte
	n    int64
	text []byte
}

// replyError is an error that the server answered.
type replyError string

func (e replyError) Error() string { return string(e) }

// reader reads the Redis protocol, version 2, without allocating for what fits its buffer.
type reader struct {
	src      io.Reader
	buf      []byte
	from, to int       // unread are buf[from:to]
	at       time.Time // when the newest bytes arrived
	taken    int64     // bytes that arrived in all
}

func newReader(src io.Reader) *reader {
	return &reader{src: src, buf: make([]byte, readerStart), at: time.Now()}
}

// fill reads more behind what is unread. A buffer that the last read filled grows: there is more to come.
func (r *reader) fill() error {
	unread, to := r.buf[r.from:r.to], r.buf
	if r.to == len(r.buf) && len(r.buf) < readerSize {
		to = make([]byte, 4*len(r.buf))
	}
	r.from, r.to, r.buf = 0, copy(to, unread), to
	if r.to == len(r.buf) {
		return fmt.Errorf("%w: a line of more than %d bytes", errProtocol, len(r.buf))
	}
	n, err := r.src.Read(r.buf[r.to:])
	if n > 0 {
		r.to += n
		r.at, r.taken = time.Now(), r.taken+int64(n)
		return nil
	}
	if err == nil {
		err = io.ErrNoProgress
	}
	return err
}

// line reads up to the end of a line. The result is a view until the next read.
func (r *reader) line() ([]byte, error) {
	searched := 0
	for {
		if i := bytes.IndexByte(r.buf[r.from+searched:r.to], '\n'); i >= 0 {
			end := r.from + searched + i
			line := r.buf[r.from:end]
			r.from = end + 1
			return bytes.TrimSuffix(line, []byte{'\r'}), nil
		}
		searched = r.to - r.from
		if err := r.fill(); err != nil {
			return nil, err
		}
	}
}

// next reads the beginning of a value. The bytes of a bulk string and the elements of an array follow.
func (r *reader) next() (token, error) {
	line, err := r.line()
	if err != nil {
		return token{}, err
	}
	if len(line) == 0 {
		return token{}, fmt.Errorf("%w: an empty line", errProtocol)
	}
	t := token{kind: line[0]}
	switch t.kind {
	case '+', '-':
		t.text = line[1:]
		return t, nil
	case '*', '$', ':':
		if t.n, err = number(line[1:]); err != nil || t.kind != ':' && t.n < -1 {
			return token{}, fmt.Errorf("%w: %.20q where a length belongs", errProtocol, line)
		}
		return t, nil
	}
	return token{}, fmt.Errorf("%w: a value that begins with %q", errProtocol, line[:1])
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

// bulk reads the n bytes of a bulk string and keeps at most keep of them. The result is a view until the next read,
// unless own says that it is memory of its own.
func (r *reader) bulk(n, keep int64) (data []byte, own bool, err error) {
	if n < 0 {
		return nil, false, nil
	}
	if n > readerSize-int64(len("\r\n")) {
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

// buffered is how many bytes have arrived and are not read yet.
func (r *reader) buffered() int { return r.to - r.from }

// behind reads a bulk string that lies whole in the buffer behind a certain head, which ends with the '$'; false, and
// nothing is read, when there is none. The result is a view until the next read.
func (r *reader) behind(head []byte) ([]byte, bool) {
	rest := r.buf[r.from:r.to]
	if !bytes.HasPrefix(rest, head) {
		return nil, false
	}
	digits, n := len(head), 0
	for ; digits < len(rest) && '0' <= rest[digits] && rest[digits] <= '9' && n < readerSize; digits++ {
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
func (r *reader) large(n, keep int64) ([]byte, error) {
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
