package bustest

import (
	"math/rand/v2"
	"net"
	"strconv"
	"testing"
)

// FreePort returns a TCP port of 127.0.0.1 that nobody listens on. It lies below the ports that systems give to outgoing
// connections (32768 and up on Linux, 49152 elsewhere), so that no client takes it while a server of a test is down.
func FreePort(t testing.TB) int {
	t.Helper()
	for range 1000 {
		port := 10000 + rand.IntN(22000)
		l, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port))
		if err != nil {
			continue
		}
		_ = l.Close()
		return port
	}
	t.Fatal("no port of 127.0.0.1 is free")
	return 0
}
