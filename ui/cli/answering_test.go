package cli

import (
	"net"
	"testing"
)

// answering answers each connection to a listener on a goroutine of its own until the test ends. It returns host:port.
func answering(t *testing.T, listener net.Listener, answer func(net.Conn)) string {
	t.Helper()
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go answer(conn)
		}
	}()
	return listener.Addr().String()
}

// listening is a listener on a free port of this machine.
func listening(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener
}
