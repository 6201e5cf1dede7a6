package bustest

import (
	"net"
	"sync"
	"testing"
)

// Wire is a network between clients and a server, for tests of what goes wrong on the way: it can stall, and its connections can
// be cut. Its methods may be called from any goroutine.
type Wire struct {
	Address string // where clients connect to
	target  string
	listen  net.Listener
	ends    sync.WaitGroup

	mu      sync.Mutex
	conns   map[net.Conn]bool
	passing chan struct{} // closed while bytes pass
}

// NewWire leads to the server at an address until the test ends.
func NewWire(t testing.TB, target string) *Wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &Wire{Address: l.Addr().String(), target: target, listen: l, conns: map[net.Conn]bool{}, passing: make(chan struct{})}
	close(w.passing)
	w.ends.Go(w.accept)
	t.Cleanup(func() {
		_ = l.Close()
		w.Flow()
		w.Cut()
		w.ends.Wait()
	})
	return w
}

// Stall has the wire take bytes and pass none on.
func (w *Wire) Stall() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.passing = make(chan struct{})
}

// Flow ends a stall: what was taken meanwhile goes on.
func (w *Wire) Flow() {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case <-w.passing:
	default:
		close(w.passing)
	}
}

// Cut closes all connections, and returns how many there were.
func (w *Wire) Cut() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	for c := range w.conns {
		_ = c.Close()
	}
	return len(w.conns) / 2
}

func (w *Wire) accept() {
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
		w.conns[near], w.conns[far] = true, true
		w.mu.Unlock()
		w.ends.Go(func() { w.pass(near, far) })
		w.ends.Go(func() { w.pass(far, near) })
	}
}

// pass copies until either end closes, and closes both.
func (w *Wire) pass(to, from net.Conn) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		w.mu.Lock()
		passing := w.passing
		w.mu.Unlock()
		<-passing
		if err == nil {
			_, err = to.Write(buffer[:n])
		}
		if err != nil {
			break
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range []net.Conn{to, from} {
		_ = c.Close()
		delete(w.conns, c)
	}
}
