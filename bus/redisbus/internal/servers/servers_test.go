package servers

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"

	"signalbox/bus"
)

func TestHashTag(t *testing.T) {
	for name, want := range map[string]string{"orders": "orders", "{a}b": "a", "x{a}{b}": "a", "{}a": "{}a", "a}{b": "a}{b", "{a": "{a"} {
		if got := HashTag(name); got != want {
			t.Errorf("%q has the tag %q, want %q", name, got, want)
		}
	}
}

func TestLoopback(t *testing.T) {
	for url, want := range map[string]bool{
		"redis://127.0.0.1:6379": true, "redis://127.8.8.8": true, "redis://[::1]:6379": true, "redis://localhost": true,
		"unix:///tmp/redis.sock": true, "redis://10.0.0.1": false, "redis://redis.example.com": false,
		"redis://localhost.example.com": false, "rediss://0.0.0.0": false,
	} {
		a, err := parseURL(url)
		if err != nil {
			t.Fatal(err)
		}
		if got := loopback(a.server.Network, a.server.Addr); got != want {
			t.Errorf("%s is loopback: %t, want %t", url, got, want)
		}
	}
}

// Each way in which TLS can be wrong is said, with what to write instead.
func TestWrongTLSIsExplained(t *testing.T) {
	for _, x := range []struct{ have, want string }{
		{fmt.Sprint(unreached(errSilent)), "write redis:// for rediss://"},
		{fmt.Sprint(unreached(tls.RecordHeaderError{})), "write redis:// for rediss://"},
		{fmt.Sprint(unreached(&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}})), "name the authority's file as tls_ca"},
		{fmt.Sprint(ungreeted(&net.OpError{Op: "read", Err: syscall.ECONNRESET}, false)), "is TLS (rediss://) right?"},
		{fmt.Sprint(ungreeted(io.EOF, false)), "is TLS (rediss://) right?"},
		{fmt.Sprint(ungreeted(io.EOF, true)), "does the server want a client's certificate"},
		{fmt.Sprint(ungreeted(&net.OpError{Op: "write", Err: syscall.EPIPE}, true)), "does the server want a client's certificate"},
		{fmt.Sprint(ungreeted(&net.OpError{Op: "remote error", Err: errors.New("tls: certificate required")}, true)), "tls: certificate required"},
	} {
		if !strings.Contains(x.have, x.want) || !strings.HasPrefix(x.have, bus.ErrUnreachable.Error()) {
			t.Errorf("%q does not say %q", x.have, x.want)
		}
	}
}
