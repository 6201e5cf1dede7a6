package cli

import (
	"fmt"
	"net"
	"strings"
	"testing"
)

// A server that hangs up, since it takes no more connections, is an error: the pipe to it is broken, and not the one that is
// printed to.
func TestServerThatHangsUpIsAnError(t *testing.T) {
	t.Parallel()
	at := answering(t, listening(t), func(conn net.Conn) {
		fmt.Fprint(conn, "-ERR 'maximum connections exceeded'\r\nINFO {\"server_id\":\"X\",\"version\":\"2.10.0\",\"proto\":1,\"max_payload\":1048576}\r\n")
		_ = conn.(*net.TCPConn).SetLinger(0)
		_ = conn.Close()
	})
	for range 5 { // which error of the system it is, is not always the same
		code, out, errs := runIn(t, t.TempDir(), "stations", "nats://"+at)
		if code != exitBus || out != "" || !strings.HasPrefix(errs, "signalbox: connect to nats://"+at) {
			t.Errorf("it ends with %d and says %q", code, errs)
		}
	}
}
