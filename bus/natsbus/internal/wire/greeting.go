package wire

import (
	"bytes"
	"io"
	"time"
)

// greeting is the first line that a server says. It passes whatever it is: the client library knows best what to say of a
// server that greets otherwise. What came behind it waits, and is forgotten where the connection is encrypted then: nobody
// vouches for it.
type greeting struct {
	over   bool
	passed int    // bytes of it
	rest   []byte // what came behind it
}

// greet has the greeting pass.
func (c *conn) greet(p []byte) (int, error) {
	g := &c.greeting
	n, err := c.source.Read(p)
	if n > 0 {
		c.hear(time.Now().UnixNano())
	}
	if end := bytes.IndexByte(p[:n], '\n') + 1; end > 0 {
		g.over, g.rest = true, bytes.Clone(p[end:n])
		return end, err
	}
	if g.passed += n; g.passed > maxText {
		c.routes.mu.Lock()
		defer c.routes.mu.Unlock()
		c.refuse(errForeign, p[:n])
		return 0, c.refused
	}
	return n, err
}

// behind reads what came behind the greeting, and then on.
func (g *greeting) behind(p []byte, source io.Reader) (int, error) {
	if len(g.rest) == 0 {
		return source.Read(p)
	}
	n := copy(p, g.rest)
	if g.rest = g.rest[n:]; len(g.rest) == 0 {
		g.rest = nil
	}
	return n, nil
}
