package bus

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"net"
	"os"
	"testing"
)

func TestForeignName(t *testing.T) {
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	ip := func(all ...string) (ips []net.IP) {
		for _, one := range all {
			ips = append(ips, net.ParseIP(one))
		}
		return ips
	}
	for name, c := range map[string]struct {
		certificate x509.Certificate
		foreign     string
	}{
		"of this machine":           {certificate: x509.Certificate{DNSNames: []string{"localhost"}, IPAddresses: ip("127.0.0.1", "::1")}},
		"by its own name":           {certificate: x509.Certificate{DNSNames: []string{host}}},
		"of this machine, and more": {certificate: x509.Certificate{DNSNames: []string{"localhost", "redis"}, IPAddresses: ip("192.168.1.7")}},
		"of another":                {certificate: x509.Certificate{DNSNames: []string{"shop.example.com"}}, foreign: "shop.example.com"},
		"of another and this":       {certificate: x509.Certificate{DNSNames: []string{"localhost", "*.shop.example.com"}}, foreign: "*.shop.example.com"},
		"of another address":        {certificate: x509.Certificate{IPAddresses: ip("127.0.0.1", "203.0.113.7")}, foreign: "203.0.113.7"},
		"of a single word alone":    {certificate: x509.Certificate{DNSNames: []string{"shopdb1"}}, foreign: "shopdb1"},
		"of a subject alone":        {certificate: x509.Certificate{Subject: pkix.Name{CommonName: "shop.example.com"}}, foreign: "shop.example.com"},
		"of nobody":                 {},
	} {
		if have := ForeignName(&c.certificate); have != c.foreign {
			t.Errorf("%s: %q, want %q", name, have, c.foreign)
		}
	}
}
