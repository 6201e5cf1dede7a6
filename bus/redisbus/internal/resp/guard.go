package resp

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"

	"signalbox/bus/goroutine"
)

// ErrTooLarge is wrapped by errors about an answer that would take more memory than an answer may.
var ErrTooLarge = errors.New("the server announces an answer that is too large")

// Bounds of an answer for go-redis: how deep it may be nested, how long a line may be, and what an element is counted as,
// besides its bytes.
const (
	guardDepth  = 32
	guardLine   = 64 << 10
	elementCost = 32
)

// Guard is a connection as go-redis is to see it, which believes what a server announces: it makes room for any length at
// once, ends the program where there is none, and calls itself for each level of an answer. An answer of more than most
// bytes breaks the connection before it is seen.
func Guard(connection net.Conn, most int64) net.Conn {
	g := &guard{Conn: connection, most: most}
	if raw, ok := connection.(syscall.Conn); ok {
		return rawGuard{g, raw}
	}
	return g
}

// rawGuard is a guard of a connection that go-redis may look at before it uses it again.
type rawGuard struct {
	*guard
	syscall.Conn
}

// guard follows the protocol, version 2 or 3, as bytes arrive.
type guard struct {
	net.Conn
	most int64

	refused error
	line    []byte  // the beginning of a line, when the rest is yet to come
	skip    int64   // bytes of a string that are yet to come, with their end of line
	left    []level // elements that are yet to come, of the outermost array first
	taken   int64   // by the answer so far
}

// level is an array that is being read.
type level struct {
	elements  int64
	attribute bool // it stands before a value, and is none
}

// Read returns the next bytes, none of which belong to an answer that is refused.
func (g *guard) Read(p []byte) (n int, err error) {
	err = ErrProtocol // after a panic
	goroutine.Call("what guards a connection to Redis", func() {
		if err = g.refused; err != nil {
			return
		}
		if n, err = g.Conn.Read(p); n == 0 {
			return
		}
		if g.refused = g.follow(p[:n]); g.refused != nil {
			n, err = 0, g.refused
		}
	})
	return n, err
}

// follow follows the protocol through the next bytes.
func (g *guard) follow(b []byte) error {
	for len(b) > 0 {
		if g.skip > 0 {
			n := min(g.skip, int64(len(b)))
			b = b[n:]
			if g.skip -= n; g.skip == 0 {
				g.value()
			}
			continue
		}
		end := bytes.IndexByte(b, '\n') + 1
		if end == 0 {
			end = len(b)
		}
		if len(g.line)+end > guardLine {
			return fmt.Errorf("%w: a line of more than %d bytes", ErrProtocol, guardLine)
		}
		whole := b[end-1] == '\n'
		line := b[:end]
		if !whole || len(g.line) > 0 {
			g.line = append(g.line, line...)
			line = g.line
		}
		b = b[end:]
		if !whole {
			continue
		}
		err := g.begin(line)
		if g.line = g.line[:0]; err != nil {
			return err
		}
	}
	return nil
}

// begin follows a line, which begins a value.
func (g *guard) begin(line []byte) error {
	kind := line[0]
	if bytes.IndexByte([]byte("$=!*~>%|"), kind) < 0 { // the line is all of it
		if g.taken += int64(len(line)); g.taken > g.most {
			return g.tooLarge(g.taken)
		}
		g.value()
		return nil
	}
	n, err := strconv.ParseInt(string(bytes.TrimRight(line[1:], "\r\n")), 10, 64)
	switch {
	case err != nil, n < -1:
		return fmt.Errorf("%w: %.20q where a length belongs", ErrProtocol, line)
	case n > g.most:
		return g.tooLarge(n)
	case n == -1:
		g.value()
		return nil
	}
	switch kind {
	case '$', '=', '!':
		g.taken, g.skip = g.taken+elementCost+n, n+int64(len("\r\n"))
	case '%', '|':
		n *= 2
		fallthrough
	default:
		g.taken += n * elementCost
		if len(g.left) == guardDepth {
			return fmt.Errorf("%w: nested deeper than %d", ErrProtocol, guardDepth)
		}
		if g.left = append(g.left, level{n, kind == '|'}); n == 0 {
			g.end()
		}
	}
	if g.taken > g.most {
		return g.tooLarge(g.taken)
	}
	return nil
}

// value notes that a value is over, and with it those that it was the last element of.
func (g *guard) value() {
	if len(g.left) > 0 {
		if top := &g.left[len(g.left)-1]; top.elements > 1 {
			top.elements--
			return
		}
		g.end()
		return
	}
	g.taken = 0
}

// end notes that the innermost array is over.
func (g *guard) end() {
	top := g.left[len(g.left)-1]
	if g.left = g.left[:len(g.left)-1]; !top.attribute {
		g.value()
	}
}

func (g *guard) tooLarge(bytes int64) error {
	return fmt.Errorf("%w: %d bytes, where it may take %d; a larger --memory lets it take more", ErrTooLarge, bytes, g.most)
}
