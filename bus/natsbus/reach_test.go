package natsbus_test

import (
	"crypto/tls"
	"slices"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"signalbox/bus/natsbus"
)

// What a server says of itself is known from its greeting. A port of this machine with another machine's certificate is the
// end of a tunnel, and not taken for this machine.
func TestServersAreKnown(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	for host, foreign := range map[string]string{"127.0.0.1": "", "shop.example.com": "shop.example.com"} {
		signed := a.sign("server", host, time.Now().Add(time.Hour))
		s := runServer(t, &server.Options{ServerName: "shop-1",
			TLSConfig: &tls.Config{Certificates: []tls.Certificate{signed.pair}, MinVersion: tls.VersionTLS12}})
		trusting := nats.Secure(&tls.Config{RootCAs: a.pool(), ServerName: host, MinVersion: tls.VersionTLS12})
		b, err := natsbus.Connect(t.Context(), natsbus.Options{URL: s.ClientURL(), Client: []nats.Option{trusting}})
		if err != nil {
			t.Fatal(err)
		}
		info := b.Info()
		if info.Foreign != foreign || info.Loopback != (foreign == "") {
			t.Errorf("a certificate of %s: %+v", host, info)
		}
		if len(info.Identity) < 2 || info.Identity[0].Value != "shop-1" || !slices.Contains(info.Addresses, s.Addr().String()) {
			t.Errorf("the server is known as %+v at %v", info.Identity, info.Addresses)
		}
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}
}
