package bench

import (
	"net"
	"sync"
	"testing"
)

// wire is a network between the program and a server whose connections can be cut.
type wire struct {
	address string
	target  string
	listen  net.Listener
	passing sync.WaitGroup

	mu    sync.Mutex
	conns map[net.Conn]bool
}

func newWire(t testing.TB, target string) *wire {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{address: l.Addr().String(), target: target, listen: l, conns: map[net.Conn]bool{}}
	w.passing.Go(w.accept)
	t.Cleanup(func() {
		_ = l.Close()
		w.cut()
		w.passing.Wait()
	})
	return w
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
		w.conns[near], w.conns[far] = true, true
		w.mu.Unlock()
		w.passing.Go(func() { w.pass(near, far) })
		w.passing.Go(func() { w.pass(far, near) })
	}
}

// pass copies until either end closes, and closes both.
func (w *wire) pass(to, from net.Conn) {
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if err == nil {
			_, err = to.Write(buf[:n])
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

// cut closes all connections, and returns how many there were.
func (w *wire) cut() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	cut := len(w.conns) / 2
	for c := range w.conns {
		_ = c.Close()
	}
	return cut
}
