package natsbus

import (
	"bytes"
	"net"
	"slices"
	"time"

	"signalbox/bus"
)

// wire is the connection below the client library. It takes the messages of tapped subscriptions out of what the server
// sends, and leads them to their receivers; all else passes. The library makes an object of each message, copies it and
// passes it to another goroutine, under three locks: with that, a core subject would be read at two thirds the speed, and
// reading those is what signalbox is for.
//
// What is not a server's plain text, such as TLS or WebSocket, passes untouched from its first byte on. Then the library
// delivers the messages of tapped subscriptions, to the same receivers.
//
// It never waits but for the server: behind a message may come a PONG that others wait for.
type wire struct {
	net.Conn
	taps *taps

	opaque  bool   // nothing is taken any more
	held    []byte // the beginning of a frame
	inLine  bool   // a line that is no frame passes
	passing int    // bytes of a message that are yet to pass
	missing int    // bytes of a message that are yet to be taken
	part    []byte // those that were
	frame   frame  // of part
	frames  frames

	tap      *tap          // of part, and of messages
	messages []bus.Message // that were taken one after the other; they point into what was read
}

// Bounds of what is kept from one Read to the next. A longer frame than maxFrame, which is less than what the client
// library reads at once, passes.
const (
	maxFrame = 16 << 10
	keptPart = 64 << 10
)

// Read returns the next bytes that are not taken.
func (w *wire) Read(p []byte) (int, error) {
	for !w.opaque {
		begin := copy(p, w.held)
		n, err := w.Conn.Read(p[begin:])
		if n == 0 && err != nil {
			return 0, err
		}
		w.held = w.held[:0]
		if n = w.sift(p[:begin+n]); n > 0 || err != nil {
			return n, err
		}
	}
	return w.Conn.Read(p)
}

// sift takes messages, and moves what passes to the beginning of b. It returns how much that is.
func (w *wire) sift(b []byte) int {
	now := time.Now().UnixNano()
	w.taps.mu.Lock()
	defer w.taps.mu.Unlock()
	if w.passing == 0 {
		w.taps.settle()
	}
	out := b[:0]
	for len(b) > 0 {
		n, passes := w.next(b, now)
		if passes {
			w.deliver() // before their bytes are written over
			out = append(out, b[:n]...)
		}
		b = b[n:]
	}
	w.deliver()
	return len(out)
}

// next decides on the first n bytes of b.
func (w *wire) next(b []byte, now int64) (n int, passes bool) {
	switch {
	case w.opaque:
		return len(b), true
	case w.passing > 0:
		n = min(w.passing, len(b))
		w.passing -= n
		return n, true
	case w.missing > 0:
		return w.add(b, now), false
	case w.inLine, bytes.IndexByte([]byte("IP+-"), b[0]) >= 0: // INFO, PING, PONG, +OK, -ERR
		end := bytes.IndexByte(b, '\n') + 1
		w.inLine = end == 0
		if w.inLine {
			end = len(b)
		}
		return end, true
	default:
		return w.message(b, now)
	}
}

// message decides on a message at the beginning of b, or on as much of it as is there.
func (w *wire) message(b []byte, now int64) (n int, passes bool) {
	end := bytes.IndexByte(b, '\n') + 1
	if end == 0 && len(b) <= maxFrame && mayBecomeFrame(b) {
		w.held = append(w.held, b...)
		return len(b), false
	}
	f, ok := w.frames.parse(b[:end])
	if !ok {
		w.opaque = true
		w.deliver()
		w.taps.shut()
		return len(b), true
	}
	whole := end + f.size + lineEnd
	to := w.taps.open[f.sid]
	if to != w.tap {
		w.deliver()
		w.tap = to
	}
	switch {
	case to == nil:
		w.passing = whole
		return w.next(b, now)
	case len(b) < whole:
		w.frame, w.missing = f, f.size+lineEnd
		w.frame.subject = bytes.Clone(f.subject)
		return end, false
	default:
		w.messages = append(w.messages, to.message(f, b[end:end+f.size], now))
		return whole, false
	}
}

// add takes more of a message that came in parts.
func (w *wire) add(b []byte, now int64) (n int) {
	if len(w.part) == 0 {
		w.part = slices.Grow(w.part, w.missing)
	}
	n = min(w.missing, len(b))
	w.part = append(w.part, b[:n]...)
	w.missing -= n
	if w.missing == 0 {
		w.messages = append(w.messages, w.tap.message(w.frame, w.part[:w.frame.size], now))
		w.deliver()
		w.part = w.part[:0]
		if cap(w.part) > keptPart {
			w.part = nil
		}
	}
	return n
}

// deliver brings what was taken to its receiver.
func (w *wire) deliver() {
	if len(w.messages) > 0 {
		w.tap.to.Offer(w.messages...)
		clear(w.messages)
		w.messages = w.messages[:0]
	}
}
