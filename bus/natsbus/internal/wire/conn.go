package wire

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"time"

	"signalbox/bus"
	"signalbox/bus/goroutine"
)

// conn takes the messages of open routes out of what a server sends; the rest passes to the client library. It never waits
// but for the server: behind a message may come a PONG that others wait for. The library calls Read from one goroutine.
type conn struct {
	net.Conn
	routes *Routes
	heard  heard

	refused error  // why nothing is read any more
	opaque  bool   // nothing is taken any more: it is not the protocol
	begun   []byte // the beginning of a message's line, when the rest is yet to come
	inLine  bool   // a line passes that precedes no message
	passing int    // bytes of a message that are yet to pass
	leaving int    // bytes behind them that are left out
	ending  int    // bytes behind those that are yet to pass
	missing int    // bytes of a message that are yet to be taken
	part    []byte // those that were taken, and are kept
	kept    int    // how many will be
	line    line   // of part
	lines   lines

	route    *route // of part
	run      run    // of messages that are taken one after the other
	messages iter.Seq[*bus.Message]
}

// run is messages of one route that lie one after the other in what was read.
type run struct {
	to      *route
	first   line
	body    int    // where the first message's begins
	b       []byte // what was read, from the first line on
	now     int64
	taken   int         // bytes of b
	message bus.Message // that is offered; it points into b
}

// Bounds of what is kept from one Read to the next. A longer line than maxLine, which is less than what the client library
// reads at once, passes, unless it is of a message.
const (
	maxLine  = 16 << 10
	keptPart = 64 << 10
)

// maxMessage is more than any server delivers: by its documentation a payload has 64 MB at most.
const maxMessage = 128 << 20

// errImpossible is about the line of a message that no server writes. The client library believes what such a line says: it
// makes room for any size, and a size that is none ends the program.
var errImpossible = errors.New("announces a message that no NATS server sends")

// Read returns the next bytes that are not taken.
func (c *conn) Read(p []byte) (n int, err error) {
	err = io.ErrUnexpectedEOF // after a panic
	goroutine.Call("the reader of NATS", func() { n, err = c.read(p) })
	return n, err
}

func (c *conn) read(p []byte) (int, error) {
	for !c.opaque {
		if c.refused != nil {
			return 0, c.refused
		}
		begun := copy(p, c.begun)
		n, err := c.Conn.Read(p[begun:])
		if n == 0 && err != nil {
			return 0, err
		}
		c.begun = c.begun[:0]
		now := time.Now().UnixNano()
		c.hear(now)
		if n = c.divide(p[:begun+n], now); n > 0 || err != nil {
			return n, err
		}
	}
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.hear(time.Now().UnixNano())
	}
	return n, err
}

// divide takes messages, and moves what passes to the beginning of b. It returns how much that is.
func (c *conn) divide(b []byte, now int64) int {
	c.routes.mu.Lock()
	defer c.routes.mu.Unlock()
	if c.passing+c.leaving+c.ending == 0 {
		c.routes.openWaiting()
	}
	out := b[:0]
	for len(b) > 0 {
		n, passes := c.next(b, now)
		if passes {
			out = append(out, b[:n]...)
		}
		b = b[n:]
	}
	return len(out)
}

// next decides on the first n bytes of b.
func (c *conn) next(b []byte, now int64) (n int, passes bool) {
	switch {
	case c.opaque:
		return len(b), true
	case c.passing > 0:
		n = min(c.passing, len(b))
		c.passing -= n
		return n, true
	case c.leaving > 0:
		n = min(c.leaving, len(b))
		c.leaving -= n
		return n, false
	case c.ending > 0:
		n = min(c.ending, len(b))
		c.ending -= n
		return n, true
	case c.missing > 0:
		return c.addPart(b, now), false
	case c.inLine, bytes.IndexByte([]byte("IP+-"), b[0]) >= 0: // INFO, PING, PONG, +OK, -ERR
		end := bytes.IndexByte(b, '\n') + 1
		c.inLine = end == 0
		if c.inLine {
			end = len(b)
		}
		return end, true
	default:
		return c.message(b, now)
	}
}

// message decides on a message at the beginning of b, or on as much of it as is there.
func (c *conn) message(b []byte, now int64) (n int, passes bool) {
	end := bytes.IndexByte(b, '\n') + 1
	if end == 0 && len(b) <= maxLine && mayBecomeLine(b) {
		c.begun = append(c.begun, b...)
		return len(b), false
	}
	l, ok := c.lines.parse(b[:end])
	if isMessage(b) && (!ok || l.size > maxMessage) {
		c.refused = fmt.Errorf("the server at %s %w (%.80q), and is read no further; see that this is a NATS server, and what stands before it",
			c.RemoteAddr(), errImpossible, bytes.TrimRight(b[:cmp.Or(end, len(b))], "\r\n"))
		c.routes.refused, c.routes.refusedAt = c.refused, time.Now()
		return len(b), false
	}
	if !ok {
		c.opaque = true
		c.routes.suspend()
		return len(b), true
	}
	whole := end + l.size + lineEnd
	to := c.routes.open[l.id]
	switch {
	case to == nil:
		c.pass(b[:end], l)
		return c.next(b, now)
	case len(b) < whole:
		c.route, c.line, c.missing, c.kept = to, l, l.size+lineEnd, l.size
		if body := c.routes.Body; body > 0 && l.headers > body {
			c.kept, c.line.headers = 0, 0 // nothing is made of headers that large
		} else if body > 0 {
			c.kept = min(l.size, l.headers+body)
		}
		c.line.subject, c.line.reply = bytes.Clone(l.subject), bytes.Clone(l.reply)
		return end, false
	case c.own(l):
		return whole, false
	default:
		c.run = run{to: to, first: l, body: end, b: b, now: now, taken: whole}
		to.to.OfferEach(c.messages)
		c.run.message = bus.Message{}
		return c.run.taken, false
	}
}

// offer offers the messages of the run: the first one, and those behind it that are whole and go the same way.
func (c *conn) offer(yield func(*bus.Message) bool) {
	r := &c.run
	for l, begin := r.first, r.body; ; {
		r.to.message(&r.message, l, r.b[begin:begin+l.size], r.now)
		r.taken = begin + l.size + lineEnd
		if !yield(&r.message) {
			return
		}
		rest := r.b[r.taken:]
		end := bytes.IndexByte(rest, '\n') + 1
		var ok bool
		if l, ok = c.lines.parse(rest[:end]); !ok || l.id != r.first.id || len(rest) < end+l.size+lineEnd || c.own(l) {
			return
		}
		begin = r.taken + end
	}
}

// pass has a message pass, which the client library makes room for as a whole as soon as it has read its line. Of one that
// is larger than the library is to hold only the beginning passes: the line says so, and the receiver learns of it by Routes.Whole.
func (c *conn) pass(text []byte, l line) {
	c.passing = len(text) + l.size + lineEnd
	if l.size-l.headers <= c.routes.mostPassing() {
		return
	}
	most := l.headers + c.routes.mostPassing() + 1 // one more, by which Whole knows it
	digits := text[bytes.LastIndexByte(text, ' ')+1 : len(text)-lineEnd]
	copy(digits, fmt.Appendf(nil, "%*d", len(digits), most)) // blanks before a number mean nothing
	c.passing, c.leaving, c.ending = len(text)+most, l.size-most, lineEnd
	c.routes.cut(l)
}

// own is Routes.Own; most messages are told by a glance at how their subject begins.
func (c *conn) own(l line) bool {
	inboxes := c.routes.inboxes
	if inboxes == "" || len(l.subject) == 0 || l.subject[0] != '$' && l.subject[0] != inboxes[0] {
		return false
	}
	return c.routes.Own(string(l.subject), string(l.reply))
}

// addPart takes more of a message that comes in parts.
func (c *conn) addPart(b []byte, now int64) (n int) {
	n = min(c.missing, len(b))
	c.part = append(c.part, b[:min(n, c.kept-len(c.part))]...) // it grows with what arrives, whatever is announced
	c.missing -= n
	if c.missing == 0 {
		if !c.own(c.line) {
			var m bus.Message
			c.route.message(&m, c.line, c.part, now)
			c.route.to.OfferEach(func(yield func(*bus.Message) bool) { yield(&m) })
		}
		c.part = c.part[:0]
		if cap(c.part) > keptPart {
			c.part = nil
		}
	}
	return n
}
