package cli

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// authority signs certificates for tests.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	file string
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{t: t}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign}
	var der []byte
	a.key, der = a.make(template, template, nil)
	var err error
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	a.file = filepath.Join(t.TempDir(), "authority.pem")
	if err := os.WriteFile(a.file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return a
}

// make makes a certificate; signed by itself where there is no signer.
func (a *authority) make(template, parent *x509.Certificate, signer *ecdsa.PrivateKey) (*ecdsa.PrivateKey, []byte) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	if signer == nil {
		signer = key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		a.t.Fatal(err)
	}
	return key, der
}

// sign makes a server's certificate for a host, that expires then.
func (a *authority) sign(host string, expires time.Time) tls.Certificate {
	template := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: host}, NotBefore: time.Now().Add(-24 * time.Hour),
		NotAfter: expires, KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{host}
	}
	key, der := a.make(template, a.cert, a.key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// tunnel leads from a port of this machine, with TLS by a certificate, to the socket of a server. It returns host:port.
func tunnel(t *testing.T, r *redisServer, certificate tls.Certificate) string {
	t.Helper()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12})
	if err != nil {
		t.Fatal(err)
	}
	return answering(t, listener, func(from net.Conn) {
		defer func() { _ = from.Close() }()
		to, err := net.Dial("unix", r.socket)
		if err != nil {
			return
		}
		go func() {
			_, _ = io.Copy(to, from)
			_ = to.Close()
		}()
		_, _ = io.Copy(from, to)
	})
}

// What is wrong with TLS to a Redis server is said, with what to do; and a port of this machine whose certificate is another
// machine's is the end of a tunnel: nothing is sent there without --write.
func TestRedisByTLS(t *testing.T) {
	t.Parallel()
	r := ownRedis(t)
	a, stranger, later := newAuthority(t), newAuthority(t), time.Now().Add(time.Hour)
	trusting := "?tls_ca=" + url.QueryEscape(a.file)
	for name, c := range map[string]struct {
		certificate tls.Certificate
		scheme      string
		query       string
		command     string
		code        int
		says        string
	}{
		"ours":             {a.sign("127.0.0.1", later), "rediss", trusting, "stations", exitDone, ""},
		"ours, to send":    {a.sign("127.0.0.1", later), "rediss", trusting, "send", exitDone, ""},
		"expired":          {a.sign("127.0.0.1", time.Now().Add(-time.Hour)), "rediss", trusting, "stations", exitBus, "the server's certificate expired on "},
		"nobody's we know": {stranger.sign("127.0.0.1", later), "rediss", trusting, "stations", exitBus, "signed by nobody who is trusted here; name the authority's file as tls_ca"},
		"for another host": {a.sign("shop.example.com", later), "rediss", trusting, "stations", exitBus, "certificate is for shop.example.com, and not for 127.0.0.1"},
		"without TLS":      {a.sign("127.0.0.1", later), "redis", "", "stations", exitBus, "rediss://"},
		"a tunnel": {a.sign("shop.example.com", later), "rediss", "?skip_verify=true", "send", exitUsage,
			"takes --write: its certificate is that of shop.example.com, so that it is the end of a tunnel"},
		"a tunnel, to look": {a.sign("shop.example.com", later), "rediss", "?skip_verify=true", "stations", exitDone, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := c.scheme + "://" + tunnel(t, r, c.certificate) + c.query
			args := []string{c.command, at}
			if c.command == "send" {
				args = append(args, "stream:news", "{}")
			}
			code, out, errs := runIn(t, t.TempDir(), args...)
			if code != c.code || !strings.Contains(errs, c.says) || c.says == "" && errs != "" {
				t.Errorf("%v: code %d\n%s%s", args, code, out, errs)
			}
		})
	}
}
