package natsbus_test

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

// wire is a network between a client and a server that can stall: it takes bytes and passes none on.
type wire struct {
	url    string
	target string
	listen net.Listener
	ends   sync.WaitGroup

	mu      sync.Mutex
	passing chan struct{} // closed while bytes pass
	conns   []net.Conn
}

func newWire(t *testing.T, server string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{url: "nats://" + l.Addr().String(), target: strings.TrimPrefix(server, "nats://"), listen: l, passing: make(chan struct{})}
	close(w.passing)
	w.ends.Go(w.accept)
	t.Cleanup(func() {
		_ = l.Close()
		w.flow()
		w.mu.Lock()
		for _, c := range w.conns {
			_ = c.Close()
		}
		w.mu.Unlock()
		w.ends.Wait()
	})
	return w
}

func (w *wire) stall() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.passing = make(chan struct{})
}

func (w *wire) flow() {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case <-w.passing:
	default:
		close(w.passing)
	}
}

func (w *wire) accept() {
	for {
		near, err := w.listen.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", w.target)
		if err != nil {
			_ = near.Close()
			continue
		}
		w.mu.Lock()
		w.conns = append(w.conns, near, far)
		w.mu.Unlock()
		w.ends.Go(func() { w.pass(near, far) })
		w.ends.Go(func() { w.pass(far, near) })
	}
}

// pass copies from one end to the other until either is closed.
func (w *wire) pass(from io.Reader, to io.WriteCloser) {
	defer func() { _ = to.Close() }()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		w.mu.Lock()
		passing := w.passing
		w.mu.Unlock()
		<-passing
		if err != nil {
			return
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}
