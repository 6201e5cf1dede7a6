package cli

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// listen has a program of its own listen until the test ends, on Redis, or with a name on NATS: listen SUBJECT [NAME].
func listen(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: listen SUBJECT [NAME]")
	}
	network, address, hello, confirmed := "unix", ts.Getenv("SOCKET"), fmt.Sprintf("SUBSCRIBE %s\r\n", args[0]), ":1"
	if len(args) == 2 {
		network, address = "tcp", strings.TrimPrefix(ts.Getenv("NATS"), "nats://")
		hello = fmt.Sprintf("CONNECT {\"name\":%q,\"verbose\":false}\r\nSUB %s 1\r\nPING\r\n", args[1], args[0])
		confirmed = "PONG"
	}
	conn, err := net.Dial(network, address)
	ts.Check(err)
	ts.Defer(func() { _ = conn.Close() })
	ts.Check(conn.SetDeadline(time.Now().Add(deadline)))
	_, err = conn.Write([]byte(hello))
	ts.Check(err)
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), confirmed) {
			ts.Check(conn.SetDeadline(time.Time{}))
			return
		}
	}
	ts.Fatalf("listening on %s was not confirmed: %v", args[0], lines.Err())
}
