package natsbus

import (
	"slices"
	"testing"
)

// A server's certificate is to be for what it was dialed by; of one that another told of by its number, for that other's name.
func TestNamesOfCertificates(t *testing.T) {
	d := &dialer{own: []string{"a.example:4222", "10.0.0.1:4222", "b.example:4222"}}
	for _, c := range []struct{ dialed, want string }{
		{"10.0.0.9:4222", "10.0.0.9"},
		{"a.example:4222", "a.example"},
		{"10.0.0.9:4222", "a.example"},
		{"[::1]:4222", "a.example"},
		{"c.example:4222", "c.example"},
		{"10.0.0.9:4222", "c.example"},
		{"10.0.0.1:4222", "10.0.0.1"},
		{"10.0.0.9:4222", "10.0.0.9"},
	} {
		d.address = c.dialed
		if got := d.name(); got != c.want {
			t.Errorf("%s is to be %q, want %q", c.dialed, got, c.want)
		}
	}
}

// The client library is given WebSockets that it does not encrypt, by the addresses that they had.
func TestUnencrypted(t *testing.T) {
	got := unencrypted([]string{"wss://ann:pw@shop.example", "wss://shop.example:8443/nats/", "ws://localhost:80/"})
	want := []string{"ws://ann:pw@shop.example:443", "ws://shop.example:8443/nats", "ws://localhost:80"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
