package wire

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"signalbox/bus/natsbus/internal/core"
)

// script is a server that says what it is told to.
type script struct {
	t      *testing.T
	client net.Conn // the other end
	server net.Conn
	heard  *bufio.Reader
}

func newScript(t *testing.T) *script {
	client, server := net.Pipe()
	t.Cleanup(func() { _ = server.Close() })
	return &script{t: t, client: client, server: server, heard: bufio.NewReader(server)}
}

func (s *script) says(text string) {
	s.t.Helper()
	if err := s.server.SetWriteDeadline(time.Now().Add(time.Minute)); err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.server.Write([]byte(text)); err != nil {
		s.t.Fatal(err)
	}
}

// hears reads lines up to one that begins so.
func (s *script) hears(begin string) {
	for line := ""; !strings.HasPrefix(line, begin); {
		var err error
		if line, err = s.heard.ReadString('\n'); err != nil {
			s.t.Errorf("waiting for %s: %v", begin, err)
			return
		}
	}
}

// greets lets a client connect.
func (s *script) greets() {
	s.says("INFO {\"headers\":true,\"max_payload\":1024}\r\n")
	s.hears("PING")
	s.says("PONG\r\n")
}

// While the client library has messages of a subscription, or a part of one, what follows goes to the library, too.
func TestRouteWaitsForTheLibrary(t *testing.T) {
	s := newScript(t)
	var routes Routes
	go s.greets()
	conn, err := nats.Connect("", nats.InProcessServer(wrapped{s, &routes}))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	q, gate := &collector{}, make(chan struct{})
	sub, err := conn.Subscribe("a", func(m *nats.Msg) {
		<-gate
		q.offer(core.Message(m))
	})
	if err != nil {
		t.Fatal(err)
	}
	s.hears("SUB")
	go func() { _, _ = io.Copy(io.Discard, s.server) }()
	left := func(want int) {
		t.Helper()
		waitFor(t, fmt.Sprintf("the library has %d messages left", want), func() bool { n, _, err := sub.Pending(); return err == nil && n == want })
	}

	s.says("MSG a 1 1\r\n1\r\n")
	left(1)
	routes.Add(sub, q)
	s.says("MSG a 1 1\r\n2\r\nMSG a 1 1\r\n") // the library has not delivered the first
	left(2)
	gate <- struct{}{}
	gate <- struct{}{}
	left(0)
	s.says("3\r\nMSG a 1 1\r\n4\r\n") // it has the beginning of the third
	left(2)
	close(gate)
	left(0)
	s.says("MSG a 1 1\r\n5\r\n") // it has nothing
	waitFor(t, "the fifth is taken", func() bool { return len(q.all()) == 5 })
	for i, m := range q.all() {
		if string(m.Data) != fmt.Sprint(i+1) {
			t.Errorf("message %d is %q", i+1, m.Data)
		}
	}
	if n, err := sub.Delivered(); n != 4 || err != nil {
		t.Errorf("%d messages by the library, %v: want 4", n, err)
	}
}

func waitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	deadline := time.After(time.Minute)
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("still not: %s", what)
		}
	}
}

// wrapped is a script whose connection is read by routes.
type wrapped struct {
	*script
	routes *Routes
}

func (w wrapped) InProcessConn() (net.Conn, error) { return w.routes.Wrap(w.client), nil }
