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

// lastNumber takes the last word off a line.
func lastNumber(line []byte) (rest []byte, n int, ok bool) {
	at := bytes.LastIndexByte(line, ' ')
	number, ok := decimal(string(line[at+1:]))
	return line[:max(at, 0)], int(number), ok && number <= math.MaxInt32
}
