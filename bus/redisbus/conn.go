package redisbus

import (
	"errors"
	"net"
	"os"
	"strconv"
	"time"
)

// writeTimeout bounds how long the server may not take what is sent.
const writeTimeout = 5 * time.Second

// conn is a connection that this package reads by itself: go-redis reads replies into maps and one allocation for
// each string, which loses the order of an entry's fields and half of the throughput.
type conn struct {
	net   net.Conn
	in    *reader
	out   []byte
	pulse func() error // asks for a sign of life; nil: silence for longer than limit breaks the connection
	limit time.Duration
	addr  string
	said  greeting // what the server said of itself
	ask   bool     // the server has the slot only for those who ask for it: it is on its way there
}

func newConn(raw net.Conn, addr string, limit time.Duration) *conn {
	c := &conn{net: raw, addr: addr, limit: limit}
	c.in = newReader(c)
	return c
}

// do sends a command and reads an answer of which only a refusal matters.
func (c *conn) do(args ...string) error {
	if err := c.send(args...); err != nil {
		return err
	}
	t, err := c.in.next()
	if err != nil {
		return err
	}
	if t.kind == '-' {
		return replyError(t.text)
	}
	return c.in.skip(t)
}

// first sends a command and reads the first word of its answer.
func (c *conn) first(args ...string) (string, error) {
	if err := c.send(args...); err != nil {
		return "", err
	}
	n, err := c.in.array()
	if err != nil || n < 1 {
		return "", err
	}
	word, err := c.in.text()
	for range n - 1 {
		if err != nil {
			break
		}
		err = c.in.skipNext()
	}
	return word, err
}

// queue adds a command to what flush sends.
func (c *conn) queue(args ...string) { c.out = appendCommand(c.out, args...) }

// appendCommand appends a command, which is an array of words, as the protocol writes it.
func appendCommand(out []byte, words ...string) []byte {
	out = append(out, '*')
	out = strconv.AppendInt(out, int64(len(words)), 10)
	return appendWords(append(out, "\r\n"...), words...)
}

// appendWords appends words as the protocol writes them.
func appendWords[T string | []byte](out []byte, words ...T) []byte {
	for _, word := range words {
		out = append(out, '$')
		out = strconv.AppendInt(out, int64(len(word)), 10)
		out = append(out, "\r\n"...)
		out = append(out, word...)
		out = append(out, "\r\n"...)
	}
	return out
}

func (c *conn) flush() error {
	if err := c.net.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	_, err := c.net.Write(c.out)
	c.out = c.out[:0]
	return err
}

// send sends a command. Where the server wants to be asked for the slot, its yes is read at once.
func (c *conn) send(args ...string) error {
	if c.ask {
		c.queue("ASKING")
	}
	c.queue(args...)
	if err := c.flush(); err != nil || !c.ask {
		return err
	}
	_, err := c.in.next()
	return err
}

// Read is what the reader reads from: it makes silence an error, after asking once for a sign of life.
func (c *conn) Read(p []byte) (int, error) {
	for asked := c.pulse == nil; ; asked = true {
		if err := c.net.SetReadDeadline(time.Now().Add(c.limit)); err != nil {
			return 0, err
		}
		n, err := c.net.Read(p)
		if n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) || asked {
			return n, err
		}
		if err := c.pulse(); err != nil {
			return 0, err
		}
	}
}

func (c *conn) close() { _ = c.net.Close() }
