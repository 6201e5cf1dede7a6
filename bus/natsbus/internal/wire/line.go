package wire

import (
	"bytes"
	"math"
	"strconv"
	"strings"
)

// line is what precedes a message from the server: MSG subject id [reply] size, or HMSG subject id [reply] headers size.
// After it come the headers and payload, and an end of line.
type line struct {
	subject []byte // in the line's own bytes
	reply   []byte // likewise; none: no answer is wanted
	id      int64  // number of the subscription
	headers int    // bytes of size that are headers
	size    int
}

const lineEnd = len("\r\n")

// mayBecomeLine tells whether the line before a message may begin like this.
func mayBecomeLine(b []byte) bool {
	for _, begin := range []string{"MSG", "HMSG"} {
		n := min(len(b), len(begin))
		if strings.EqualFold(string(b[:n]), begin[:n]) {
			return len(b) <= n || b[n] == ' ' || b[n] == '\t'
		}
	}
	return false
}

// isMessage tells whether a line, or its beginning, is that of a message, in any form in which the client library reads it.
func isMessage(b []byte) bool {
	if len(b) > 0 && b[0]|' ' == 'h' {
		b = b[1:]
	}
	const name = "msg"
	return len(b) > len(name) && strings.EqualFold(string(b[:len(name)]), name) && (b[len(name)] == ' ' || b[len(name)] == '\t')
}

// parseLine reads a line, with its end, in the one form in which servers write it.
func parseLine(text []byte) (l line, ok bool) {
	text, ok = bytes.CutSuffix(text, []byte("\r\n"))
	if !ok {
		return line{}, false
	}
	text, hasHeaders := bytes.CutPrefix(text, []byte("H"))
	if text, ok = bytes.CutPrefix(text, []byte("MSG ")); !ok {
		return line{}, false
	}
	l.subject, text, _ = bytes.Cut(text, []byte(" "))
	id, text, _ := bytes.Cut(text, []byte(" "))
	if l.id, ok = number(id); !ok {
		return line{}, false
	}
	l.reply, l.size, ok = lastNumber(text)
	if ok && hasHeaders {
		l.reply, l.headers, ok = lastNumber(l.reply)
	}
	return l, ok && l.headers <= l.size
}

// lines parses lines of which many begin as the one before, up to the number of their subscription, and have no headers.
type lines struct {
	begin []byte // "MSG deliveries 1 "
	line  line   // the one that begins so
}

// parse does what parseLine does.
func (l *lines) parse(text []byte) (parsed line, ok bool) {
	if size, same := l.sameBut(text); same {
		l.line.size = size
		return l.line, true
	}
	if parsed, ok = parseLine(text); ok && text[0] == 'M' && bytes.Count(text, []byte(" ")) == 3 {
		l.begin = append(l.begin[:0], text[:bytes.LastIndexByte(text, ' ')+1]...)
		l.line = parsed
		l.line.subject = l.begin[len("MSG "):][:len(parsed.subject)]
	}
	return parsed, ok
}

// sameBut tells whether only the size in a line differs from the line before, and what it is.
func (l *lines) sameBut(text []byte) (size int, same bool) {
	const mostDigits = 9
	digits := len(text) - lineEnd - len(l.begin)
	if len(l.begin) == 0 || digits < 1 || digits > mostDigits || !bytes.HasPrefix(text, l.begin) || text[len(text)-2] != '\r' {
		return 0, false
	}
	for _, c := range text[len(l.begin) : len(text)-lineEnd] {
		if c -= '0'; c > 9 {
			return 0, false
		}
		size = size*10 + int(c)
	}
	return size, true
}

// lastNumber takes the last word off a line.
func lastNumber(text []byte) (rest []byte, n int, ok bool) {
	at := bytes.LastIndexByte(text, ' ')
	long, ok := number(text[at+1:])
	return text[:max(at, 0)], int(long), ok && long <= math.MaxInt32
}

// number reads digits.
func number(digits []byte) (n int64, ok bool) {
	u, err := strconv.ParseUint(string(digits), 10, 63)
	return int64(u), err == nil
}
