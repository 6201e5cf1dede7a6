package redisbus

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"signalbox/bus"
)

func TestTLS(t *testing.T) {
	cert, key, pool := certificate(t)
	port := freePort(t)
	s := start(t, "--tls-port", port, "--tls-cert-file", cert, "--tls-key-file", key, "--tls-auth-clients", "no")
	url := "rediss://127.0.0.1:" + port
	if _, err := Connect(limited(t), Options{URL: url}); !errors.Is(err, bus.ErrUnreachable) || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("connect without the certificate's authority: %v", err)
	}
	short, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	if _, err := Connect(short, Options{URL: "rediss://" + s.addr()}); !errors.Is(err, bus.ErrUnreachable) {
		t.Errorf("TLS to a port without: %v", err)
	}
	b, err := Connect(limited(t), Options{URL: url, TLS: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	f := openOne(t, b, "news", bus.From{})
	client(t, s.URL()).Publish(limited(t), "news", "hello")
	var g got
	g.count(t, f, 1)
}

// certificate makes one for 127.0.0.1, signed by itself.
func certificate(t *testing.T) (certFile, keyFile string, pool *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	certFile, keyFile = filepath.Join(dir, "cert"), filepath.Join(dir, "key")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	if err := os.WriteFile(certFile, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600); err != nil {
		t.Fatal(err)
	}
	pool = x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	return certFile, keyFile, pool
}

func TestClientCertificates(t *testing.T) {
	cert, key, _ := certificate(t)
	port := freePort(t)
	start(t, "--tls-port", port, "--tls-cert-file", cert, "--tls-key-file", key, "--tls-ca-cert-file", cert, "--tls-auth-clients", "yes")
	url := "rediss://127.0.0.1:" + port
	junk := filepath.Join(t.TempDir(), "junk")
	if err := os.WriteFile(junk, []byte("junk"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, o := range []Options{
		{URL: url + "?tls_cert=" + cert + "&tls_key=" + key + "&tls_ca=" + cert},
		{URL: url, Cert: cert, Key: key, Authority: cert},
		{URL: url + "?skip_verify=true&tls_cert=" + cert + "&tls_key=" + key},
	} {
		b, err := Connect(limited(t), o)
		if err != nil {
			t.Errorf("%+v: %v", o, err)
			continue
		}
		openOne(t, b, "news", bus.From{})
		openOne(t, b, "stream:orders", bus.From{})
		if r, err := b.Publish(limited(t), bus.Outgoing{Station: "stream:orders"}); err != nil {
			t.Errorf("publish: %+v, %v", r, err)
		}
		if shown := b.Info().URL; strings.Contains(shown, key) {
			t.Errorf("the URL is shown as %s", shown)
		}
		_ = b.Close()
	}
	for _, c := range []struct {
		options Options
		want    string
	}{
		{Options{URL: url, Authority: cert}, "certificate"},
		{Options{URL: url, Cert: cert}, "both are PEM files"},
		{Options{URL: url, Cert: junk, Key: key}, "both are PEM files"},
		{Options{URL: url, Authority: junk}, "has none in PEM"},
		{Options{URL: url, Authority: junk + "0"}, "no such file"},
		{Options{URL: "redis://127.0.0.1:" + port, Authority: cert}, "write rediss://"},
	} {
		b, err := Connect(limited(t), c.options)
		if err == nil {
			_ = b.Close()
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q in it", c.options, err, c.want)
		}
	}
}
