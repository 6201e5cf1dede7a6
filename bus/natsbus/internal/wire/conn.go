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
	routes    *Routes
	heard     heard
	encrypted encrypted
	socket    *socket   // nil: it is no WebSocket
	source    io.Reader // of the protocol
	greeting  greeting

	refused error  // why nothing is read any more
	begun   []byte // the beginning of a message's line, when the rest is yet to come
	inLine  int    // bytes that have passed of a line that precedes no message
	passing int    // bytes of a message that are yet to pass
	leaving int    // bytes behind them that are left out
	ending  int    // bytes behind those that are yet to pass: the end of a line
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
// reads at once, passes, unless it is of a message; but none of more than maxText, which the library would keep as a whole.
const (
	maxLine  = 16 << 10
	maxText  = 4 << 20
	keptPart = 64 << 10
)

// maxMessage is more than any server delivers: by its documentation a payload has 64 MB at most.
const maxMessage = 128 << 20

// errImpossible is about the line of a message that no server writes. The client library believes what such a line says: it
// makes room for any size, and a size that is none ends the program. errForeign is about what is no line of a server: behind it
// the library may see messages elsewhere than they are seen here.
var (
	errImpossible = errors.New("announces a message that no NATS server sends")
	errForeign    = errors.New("says what no NATS server says")
)

// Read returns the next bytes that are not taken.
func (c *conn) Read(p []byte) (n int, err error) {
	err = io.ErrUnexpectedEOF // after a panic
	goroutine.Call("the reader of NATS", func() {
		if c.socket != nil {
			n, err = c.socket.pass(p, c.read)
		} else {
			n, err = c.read(p)
		}
	})
	return n, c.explain(err)
}

func (c *conn) read(p []byte) (int, error) {
	for {
		switch {
		case c.refused != nil:
			return 0, c.refused
		case !c.greeting.over:
			return c.greet(p)
		}
		begun := copy(p, c.begun)
		n, err := c.greeting.behind(p[begun:], c.source)
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
}

// refuse has nothing be read any more.
func (c *conn) refuse(why error, said []byte) {
	c.refused = fmt.Errorf("the server at %s %w (%.80q), and is read no further; see that this is a NATS server, and what stands before it",
		c.RemoteAddr(), why, bytes.TrimRight(said, "\r\n"))
	c.routes.refused, c.routes.refusedAt = c.refused, time.Now()
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
	case c.refused != nil:
		return len(b), false
	case c.passing > 0:
		n = min(c.passing, len(b))
		c.passing -= n
		return n, true
	case c.leaving > 0:
		n = min(c.leaving, len(b))
		c.leaving -= n
		return n, false
	case c.ending > 0:
		return c.end(b)
	case c.missing > 0:
		return c.addPart(b, now), false
	case c.inLine > 0, bytes.IndexByte([]byte("IP+-"), b[0]) >= 0: // INFO, PING, PONG, +OK, -ERR
		return c.text(b)
	default:
		return c.message(b, now)
	}
}

// end has the end of a message pass. The library takes the message to end where its line ends, wherever that is.
func (c *conn) end(b []byte) (n int, passes bool) {
	n = min(c.ending, len(b))
	if rest := "\r\n"[lineEnd-c.ending:]; string(b[:n]) != rest[:n] {
		c.refuse(errForeign, b)
		return len(b), false
	}
	c.ending -= n
	return n, true
}

// text has a line pass that precedes no message.
func (c *conn) text(b []byte) (n int, passes bool) {
	n = bytes.IndexByte(b, '\n') + 1
	if n > 0 {
		c.inLine = 0
		return n, true
	}
	if c.inLine += len(b); c.inLine > maxText {
		c.refuse(errForeign, b)
		return len(b), false
	}
	return len(b), true
}

// message decides on a message at the beginning of b, or on as much of it as is there.
func (c *conn) message(b []byte, now int64) (n int, passes bool) {
	end := bytes.IndexByte(b, '\n') + 1
	if end == 0 && len(b) <= maxLine && mayBecomeLine(b) {
		c.begun = append(c.begun, b...)
		return len(b), false
	}
	l, ok := c.lines.parse(b[:end])
	if !ok || l.size > maxMessage {
		why := errForeign
		if isMessage(b) {
			why = errImpossible
		}
		c.refuse(why, b[:cmp.Or(end, len(b))])
		return len(b), false
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
	case !to.exchanges && c.own(l):
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
		if l, ok = c.lines.parse(rest[:end]); !ok || l.id != r.first.id || len(rest) < end+l.size+lineEnd || !r.to.exchanges && c.own(l) {
			return
		}
		begin = r.taken + end
	}
}

// pass has a message pass, which the client library makes room for as a whole as soon as it has read its line. Of one that
// is larger than the library is to hold only the beginning passes: the line says so, and the receiver learns of it by Routes.Whole.
func (c *conn) pass(text []byte, l line) {
	c.passing, c.ending = len(text)+l.size, lineEnd
	if l.size-l.headers <= c.routes.mostPassing() {
		return
	}
	most := l.headers + c.routes.mostPassing() + 1 // one more, by which Whole knows it
	digits := text[bytes.LastIndexByte(text, ' ')+1 : len(text)-lineEnd]
	copy(digits, fmt.Appendf(nil, "%*d", len(digits), most)) // blanks before a number mean nothing
	c.passing, c.leaving = len(text)+most, l.size-most
	c.routes.cut(l)
}

// own is Routes.Own; most messages are told by a glance at how their subject begins.
func (c *conn) own(l line) bool {
	inboxes := c.routes.inboxes
	if inboxes == "" || len(l.subject) == 0 || l.subject[0] != '$' && l.subject[0] != '_' && l.subject[0] != inboxes[0] {
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
		if c.route.exchanges || !c.own(c.line) {
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
