package natsbus

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"testing"

	"github.com/nats-io/nats.go"

	"signalbox/bus"
)

// A server that refuses a client's certificate says so and closes; where what it said is lost with the connection, it is told all
// the same that this may be why.
func TestAClosedHandshakeIsAboutCertificates(t *testing.T) {
	for _, end := range []error{io.EOF, syscall.EPIPE, syscall.ECONNRESET} {
		err := explain(fmt.Errorf("%w: connection closed by remote after TLS handshake: %w", nats.ErrTLS, end), true)
		if !errors.Is(err, bus.ErrRefused) || !strings.Contains(err.Error(), "client certificate") {
			t.Errorf("%v: %v", end, err)
		}
		if err := explain(end, true); strings.Contains(err.Error(), "certificate") {
			t.Errorf("without TLS, %v: %v", end, err)
		}
	}
}
