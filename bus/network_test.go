package bus_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"signalbox/bus"
	"signalbox/bus/bustest"
)

// What the libraries say of the network is said as people do, and stays what it is for those who ask.
func TestErrorsOfTheNetworkInWords(t *testing.T) {
	dial := func(network, address string) error {
		c, err := net.DialTimeout(network, address, time.Minute)
		if err == nil {
			c.Close()
			t.Fatalf("%s %s can be reached", network, address)
		}
		return err
	}
	for _, c := range []struct {
		err  error
		want string
	}{
		{dial("tcp", fmt.Sprintf("127.0.0.1:%d", bustest.FreePort(t))), "nothing listens there; is the server running?"},
		{dial("tcp", "127.0.0.1:99999"), "99999 is no address: invalid port"},
		{dial("unix", filepath.Join(t.TempDir(), "redis.sock")), "there is no socket of that name; is the server running?"},
		{&net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Name: "shop", Server: "10.0.0.1:53", Err: "no such host", IsNotFound: true}}, "there is no host named shop"},
		{&net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Name: "shop", Server: "10.0.0.1:53", Err: "server misbehaving"}}, "the host shop cannot be looked up; does the name server answer?"},
		{fmt.Errorf("read: %w", io.EOF), "the server closed the connection"},
		{&net.OpError{Op: "read", Net: "tcp", Err: net.ErrClosed}, "the connection was closed"},
		{context.DeadlineExceeded, "the server does not answer in time"},
		{errors.New("ERR unknown command"), "ERR unknown command"},
	} {
		got := bus.InWords(c.err)
		if got.Error() != c.want || !errors.Is(got, c.err) {
			t.Errorf("%v in words is %q, want %q, which wraps it", c.err, got, c.want)
		}
		if again := bus.InWords(got); again.Error() != c.want {
			t.Errorf("said again it is %q, want %q", again, c.want)
		}
		for _, word := range []string{"dial", "tcp", "unix", "EOF", "deadline", "10.0.0.1"} {
			if strings.Contains(got.Error(), word) {
				t.Errorf("%q has the library's %s in it", got, word)
			}
		}
	}
	if bus.InWords(nil) != nil {
		t.Error("no error has words")
	}
}
