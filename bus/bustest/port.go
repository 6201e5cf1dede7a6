package bustest

import (
	"math/rand/v2"
	"net"
	"strconv"
	"testing"
)

// FreePort returns a TCP port of 127.0.0.1 that nobody listens on, and that no other call returns, in this or another process,
// until the test has ended: the UDP port of the same number is held as the sign of it. It lies below the ports that systems give
// to outgoing connections (32768 and up on Linux, 49152 elsewhere), so that no client takes it while a server of a test is down.
func FreePort(t testing.TB) int {
	t.Helper()
	for range 1000 {
		port := 10000 + rand.IntN(22000)
		address := "127.0.0.1:" + strconv.Itoa(port)
		sign, err := net.ListenPacket("udp", address)
		if err != nil {
			continue
		}
		l, err := net.Listen("tcp", address)
		if err != nil {
			_ = sign.Close()
			continue
		}
		_ = l.Close()
		t.Cleanup(func() { _ = sign.Close() })
		return port
	}
	t.Fatal("no port of 127.0.0.1 is free")
	return 0
}
