package resp

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"os"
	"strconv"
	"time"
)

// WriteTimeout bounds how long a write may take: the server takes nothing in while it is busy.
const WriteTimeout = 5 * time.Second

// Conn is a connection to a server.
type Conn struct {
	In       *Reader
	Addr     string
	Greeting Greeting      // what the server said of itself
	Asking   bool          // the slot is moving to this server: each command has to say ASKING first
	Limit    time.Duration // silence for so long breaks the connection
	Ping     func() error  // when not nil, is called once before silence breaks the connection: it makes the server answer

	net net.Conn
	out []byte // commands that are not sent yet
}

// NewConn makes a Conn of an open connection.
func NewConn(raw net.Conn, addr string, limit time.Duration) *Conn {
	c := &Conn{Addr: addr, Limit: limit, net: raw}
	c.In = NewReader(c)
	return c
}

// Do sends a command and reads past the answer, unless that is an error.
func (c *Conn) Do(args ...string) error {
	if err := c.Send(args...); err != nil {
		return err
	}
	t, err := c.In.Next()
	if err != nil {
		return err
	}
	if t.Kind == '-' {
		return Error(t.Text)
	}
	return c.In.Skip(t)
}

// FirstWord sends a command and reads the first word of its answer, which is an array.
func (c *Conn) FirstWord(args ...string) (string, error) {
	if err := c.Send(args...); err != nil {
		return "", err
	}
	n, err := c.In.Array()
	if err != nil || n < 1 {
		return "", err
	}
	word, err := c.In.Text()
	for range n - 1 {
		if err != nil {
			break
		}
		err = c.In.SkipNext()
	}
	return word, err
}

// Queue adds a command to what Flush sends.
func (c *Conn) Queue(args ...string) { c.out = AppendCommand(c.out, args...) }

// AppendCommand appends a command, which is an array of words, as the protocol writes it.
func AppendCommand(out []byte, words ...string) []byte {
	out = append(out, '*')
	out = strconv.AppendInt(out, int64(len(words)), 10)
	return AppendWords(append(out, "\r\n"...), words...)
}

// AppendWords appends words as the protocol writes them.
func AppendWords[T string | []byte](out []byte, words ...T) []byte {
	for _, word := range words {
		out = append(out, '$')
		out = strconv.AppendInt(out, int64(len(word)), 10)
		out = append(out, "\r\n"...)
		out = append(out, word...)
		out = append(out, "\r\n"...)
	}
	return out
}

// Flush sends the commands of Queue.
func (c *Conn) Flush() error {
	if err := c.net.SetWriteDeadline(time.Now().Add(WriteTimeout)); err != nil {
		return err
	}
	_, err := c.net.Write(c.out)
	c.out = c.out[:0]
	return err
}

// Send sends a command. The answer to an ASKING before it is read at once.
func (c *Conn) Send(args ...string) error {
	if c.Asking {
		c.Queue("ASKING")
	}
	c.Queue(args...)
	if err := c.Flush(); err != nil || !c.Asking {
		return err
	}
	_, err := c.In.Next()
	return err
}

// Read is for the Reader alone: it makes an error of silence.
func (c *Conn) Read(p []byte) (int, error) {
	for asked := c.Ping == nil; ; asked = true {
		if err := c.net.SetReadDeadline(time.Now().Add(c.Limit)); err != nil {
			return 0, err
		}
		n, err := c.net.Read(p)
		if n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) || asked {
			return n, err
		}
		if err := c.Ping(); err != nil {
			return 0, err
		}
	}
}

// Close closes the connection. Any goroutine may call it, more than once.
func (c *Conn) Close() { _ = c.net.Close() }

// Remote is the address of the server as the network has it.
func (c *Conn) Remote() string { return c.net.RemoteAddr().String() }

// Certificate is the server's; nil when the connection is not encrypted.
func (c *Conn) Certificate() *x509.Certificate {
	if secured, ok := c.net.(*tls.Conn); ok {
		if all := secured.ConnectionState().PeerCertificates; len(all) > 0 {
			return all[0]
		}
	}
	return nil
}
