package natsbus

import (
	"bytes"
	"math"
)

// frame is the line before a message from the server: MSG subject sid [reply] size, or HMSG subject sid [reply] headers
// size. After it come the headers and payload, and an end of line.
type frame struct {
	subject []byte // in the line
	sid     int64  // number of the subscription
	headers int    // bytes of size that are headers
	size    int
}

const lineEnd = len("\r\n")

// mayBecomeFrame tells whether a frame may begin like this.
func mayBecomeFrame(b []byte) bool {
	for _, begin := range []string{"MSG ", "HMSG "} {
		n := min(len(b), len(begin))
		if string(b[:n]) == begin[:n] {
			return true
		}
	}
	return false
}

// parseFrame takes a line apart, with its end. It knows the one way in which servers write it.
func parseFrame(line []byte) (f frame, ok bool) {
	line, ok = bytes.CutSuffix(line, []byte("\r\n"))
	if !ok {
		return frame{}, false
	}
	line, hasHeaders := bytes.CutPrefix(line, []byte("H"))
	if line, ok = bytes.CutPrefix(line, []byte("MSG ")); !ok {
		return frame{}, false
	}
	f.subject, line, _ = bytes.Cut(line, []byte(" "))
	sid, line, _ := bytes.Cut(line, []byte(" "))
	number, ok := decimal(string(sid))
	if !ok {
		return frame{}, false
	}
	f.sid = int64(number)
	line, f.size, ok = lastNumber(line)
	if ok && hasHeaders {
		_, f.headers, ok = lastNumber(line)
	}
	return f, ok && f.headers <= f.size
}

// frames parses lines of which many begin as the one before, up to the number of their subscription, and have no headers.
type frames struct {
	begin []byte // "MSG deliveries 1 "
	frame frame
}

// parse is parseFrame.
func (l *frames) parse(line []byte) (f frame, ok bool) {
	if size, same := l.sameBut(line); same {
		l.frame.size = size
		return l.frame, true
	}
	if f, ok = parseFrame(line); ok && line[0] == 'M' && bytes.Count(line, []byte(" ")) == 3 {
		l.begin = append(l.begin[:0], line[:bytes.LastIndexByte(line, ' ')+1]...)
		l.frame = f
		l.frame.subject = l.begin[len("MSG "):][:len(f.subject)]
	}
	return f, ok
}

// sameBut tells whether only the size in a line differs from the line before, and what it is.
func (l *frames) sameBut(line []byte) (size int, same bool) {
	const mostDigits = 9
	digits := len(line) - lineEnd - len(l.begin)
	if len(l.begin) == 0 || digits < 1 || digits > mostDigits || !bytes.HasPrefix(line, l.begin) || line[len(line)-2] != '\r' {
		return 0, false
	}
	for _, c := range line[len(l.begin) : len(line)-lineEnd] {
		if c -= '0'; c > 9 {
			return 0, false
		}
		size = size*10 + int(c)
	}
	return size, true
}

// lastNumber takes the last word off a line.
func lastNumber(line []byte) (rest []byte, n int, ok bool) {
	at := bytes.LastIndexByte(line, ' ')
	number, ok := decimal(string(line[at+1:]))
	return line[:max(at, 0)], int(number), ok && number <= math.MaxInt32
}
