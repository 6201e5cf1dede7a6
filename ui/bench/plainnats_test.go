package bench

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// plainNATS is a server of core NATS that says what a test has it say: lengths that nothing follows, payloads larger than
// any server takes. It has nobody answer requests.
type plainNATS struct {
	t        testing.TB
	listener net.Listener

	mu    sync.Mutex
	conns map[net.Conn]*plainClient
}

// plainClient is a connection, and its subscriptions by subject.
type plainClient struct {
	mu   sync.Mutex // one writes at a time
	conn net.Conn
	subs map[string]string
}

func newPlainNATS(t testing.TB) *plainNATS {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &plainNATS{t: t, listener: l, conns: map[net.Conn]*plainClient{}}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { s.serve(conn) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		s.mu.Lock()
		for conn := range s.conns {
			_ = conn.Close()
		}
		s.mu.Unlock()
		serving.Wait()
	})
	return s
}

func (s *plainNATS) url() string { return "nats://" + s.listener.Addr().String() }

// serve answers one client until it is gone.
func (s *plainNATS) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	c := &plainClient{conn: conn, subs: map[string]string{}}
	s.mu.Lock()
	s.conns[conn] = c
	s.mu.Unlock()
	c.write([]byte(`INFO {"server_id":"plain","version":"2.10.0","proto":1,"headers":true,"max_payload":1073741824}` + "\r\n"))
	in := bufio.NewReader(conn)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		switch words[0] {
		case "PING":
			c.write([]byte("PONG\r\n"))
		case "SUB":
			c.mu.Lock()
			c.subs[words[1]] = words[len(words)-1]
			c.mu.Unlock()
		case "PUB", "HPUB":
			size, err := strconv.Atoi(words[len(words)-1])
			if err != nil {
				return
			}
			body := make([]byte, size+2)
			if _, err := io.ReadFull(in, body); err != nil {
				return
			}
			if words[0] == "PUB" && len(words) == 4 {
				c.refuse(words[2])
			}
		}
	}
}

// refuse says that nobody answers a request.
func (c *plainClient) refuse(to string) {
	id := ""
	c.mu.Lock()
	for inbox, sid := range c.subs {
		if prefix, wild := strings.CutSuffix(inbox, "*"); inbox == to || wild && strings.HasPrefix(to, prefix) {
			id = sid
		}
	}
	c.mu.Unlock()
	c.write(fmt.Appendf(nil, "HMSG %s %s 16 16\r\nNATS/1.0 503\r\n\r\n\r\n", to, id))
}

func (c *plainClient) write(b []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, _ = c.conn.Write(b)
}

// reader is the client that has subscribed to a subject, and the number of its subscription.
func (s *plainNATS) reader(subject string) (c *plainClient, id string) {
	eventually(s.t, subject+" is subscribed to", func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, c = range s.conns {
			c.mu.Lock()
			id = c.subs[subject]
			c.mu.Unlock()
			if id != "" {
				return true
			}
		}
		return false
	})
	return c, id
}

// send writes a message to the reader of "large", and returns when it is with the reader's system.
func (s *plainNATS) send(payload []byte) {
	const subject = "large"
	c, id := s.reader(subject)
	c.mu.Lock()
	defer c.mu.Unlock()
	all := net.Buffers{fmt.Appendf(nil, "MSG %s %s %d\r\n", subject, id, len(payload)), payload, []byte("\r\n")}
	if _, err := all.WriteTo(c.conn); err != nil {
		s.t.Error(err)
	}
}
