package redisbus_test

import (
	"errors"
	"net"
	"strings"
	"testing"

	"signalbox/bus"
	"signalbox/bus/redisbus"
)

// Whatever a server answers instead of a greeting, the error says so, and that it is the bus that refused.
func TestGreetingRefused(t *testing.T) {
	for answer, want := range map[string]string{
		"-NOAUTH HELLO must be called with the client already authenticated\r\n":     "the server wants a password",
		"-DENIED Redis is running in protected mode because protected mode is …\r\n": "the server is in protected mode",
		"-ERR max number of clients reached\r\n":                                     "the server takes no more clients (maxclients)",
		"-ERR something odd happened\r\n":                                            `the server answers the greeting with "ERR something odd happened"`,
		"-NOPROTO unsupported protocol version\r\n":                                  `the server answers the greeting with "NOPROTO`,
		"-BUSY Redis is busy running a script\r\n":                                   `the server answers the greeting with "BUSY`,
		"HTTP/1.1 400 Bad Request\r\n\r\n":                                           "is it a Redis server",
		"":                                                                           "the server closed the connection",
	} {
		_, err := redisbus.Connect(t.Context(), redisbus.Options{URL: "redis://" + answering(t, answer)})
		if err == nil || !strings.Contains(err.Error(), want) || !errors.Is(err, bus.ErrRefused) && !errors.Is(err, bus.ErrUnreachable) {
			t.Errorf("%q: %v, want %q", answer, err, want)
		}
	}
}

// answering is the address of a server that answers the same to each command, or ends each connection.
func answering(t *testing.T, answer string) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() { _ = listener.Close(); <-done })
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			buf := make([]byte, 4096)
			for {
				if _, err := conn.Read(buf); err != nil || answer == "" {
					break
				}
				if _, err := conn.Write([]byte(answer)); err != nil {
					break
				}
			}
			_ = conn.Close()
		}
	}()
	return listener.Addr().String()
}
