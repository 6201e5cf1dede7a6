package natsbus_test

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nkeys"

	"signalbox/bus"
	"signalbox/bus/bustest"
	"signalbox/bus/natsbus"
)

// inProcess runs a server inside the test, with settings that take more than a file.
func inProcess(t *testing.T, o *server.Options) (url string) {
	t.Helper()
	return strings.Replace(runServer(t, o).ClientURL(), "tls://", "nats://", 1)
}

func runServer(t *testing.T, o *server.Options) *server.Server {
	t.Helper()
	o.Host, o.Port, o.NoLog, o.NoSigs = "127.0.0.1", server.RANDOM_PORT, true, true
	o.AuthTimeout = patience.Seconds()
	if o.TLSTimeout == 0 {
		o.TLSTimeout = patience.Seconds()
	}
	s, err := server.NewServer(o)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(patience) {
		t.Fatal("the server is not ready")
	}
	return s
}

// tryConnect makes a connection that must work (want is empty), or fail with one sentence that has certain words.
func tryConnect(t *testing.T, url, want string, wraps error) {
	t.Helper()
	b, err := natsbus.Connect(t.Context(), natsbus.Options{URL: url})
	switch {
	case err == nil && want == "":
		closing(t, b)
		if link := b.Info().Link; link != bus.Live {
			t.Errorf("connect to %s: link %s", url, link)
		}
	case err == nil:
		_ = b.Close()
		t.Errorf("connect to %s works, want it to fail: %s", url, want)
	case want == "" || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") || wraps != nil && !errors.Is(err, wraps):
		t.Errorf("connect to %s: %v, want %q, wrapping %v", url, err, want, wraps)
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	later := time.Now().Add(time.Hour)
	good, old, other := a.sign("server", "127.0.0.1", later), a.sign("old", "127.0.0.1", time.Now().Add(-time.Minute)), a.sign("other", "nats.example.com", later)
	client, expired, stranger := a.sign("client", "client", later), a.sign("expired", "client", time.Now().Add(-time.Minute)), newAuthority(t).sign("stranger", "client", later)
	serve := func(s signed, change func(*server.Options)) string {
		o := &server.Options{TLSConfig: &tls.Config{Certificates: []tls.Certificate{s.pair}, MinVersion: tls.VersionTLS12}}
		if change != nil {
			change(o)
		}
		return inProcess(t, o)
	}
	plain, ca := serve(good, nil), "?tls_ca="+a.file
	mutual := serve(good, func(o *server.Options) {
		o.TLSConfig.ClientCAs, o.TLSConfig.ClientAuth = a.pool(), tls.RequireAndVerifyClientCert
	})
	with := func(s signed) string { return mutual + ca + "&tls_cert=" + s.cert + "&tls_key=" + s.key }

	tryConnect(t, plain+ca, "", nil)
	tryConnect(t, strings.Replace(plain, "nats:", "tls:", 1)+ca, "", nil)
	tryConnect(t, plain, "signed by nobody who is trusted here", bus.ErrUnreachable)
	tryConnect(t, serve(old, nil)+ca, "the server's certificate expired on ", bus.ErrUnreachable)
	tryConnect(t, serve(other, nil)+ca, "not for 127.0.0.1 but for nats.example.com", bus.ErrUnreachable)
	tryConnect(t, with(client), "", nil)
	tryConnect(t, mutual+ca, "a client certificate", bus.ErrRefused)
	tryConnect(t, with(expired), "expired on ", bus.ErrRefused)
	tryConnect(t, with(stranger), "client certificate", bus.ErrRefused)

	naked := inProcess(t, &server.Options{})
	tryConnect(t, strings.Replace(naked, "nats:", "tls:", 1), "the server has no TLS", bus.ErrUnreachable)
	tryConnect(t, naked+"?tls_first=true", "does not begin with TLS", bus.ErrUnreachable)
}

func TestUnknownHost(t *testing.T) {
	t.Parallel()
	tryConnect(t, "nats://nowhere.invalid:4222", "nowhere.invalid", bus.ErrUnreachable)
}

// write puts a text into a file of its own.
func write(t *testing.T, name string, text []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// newUser is a user's key pair, with its public key and its seed.
func newUser(t *testing.T) (public string, seed []byte) {
	t.Helper()
	pair, err := nkeys.CreateUser()
	if err == nil {
		public, err = pair.PublicKey()
	}
	if err == nil {
		seed, err = pair.Seed()
	}
	if err != nil {
		t.Fatal(err)
	}
	return public, seed
}

func TestNKey(t *testing.T) {
	t.Parallel()
	public, seed := newUser(t)
	_, wrong := newUser(t)
	s := inProcess(t, &server.Options{Nkeys: []*server.NkeyUser{{Nkey: public}}})
	tryConnect(t, s+"?nkey="+write(t, "user.nk", seed), "", nil)
	tryConnect(t, s+"?nkey="+write(t, "wrong.nk", wrong), "does not accept these credentials", bus.ErrRefused)
	tryConnect(t, s, "wants to know who connects", bus.ErrRefused)
	tryConnect(t, s+"?nkey="+write(t, "empty.nk", nil), "begins with SU", nil)
	tryConnect(t, s+"?nkey=/nowhere/user.nk", "/nowhere/user.nk", bus.ErrUnreachable)
}

// Credentials of an account that an operator vouches for, as decentralised servers have them.
func TestCredentials(t *testing.T) {
	t.Parallel()
	operator, account := mustPair(t, nkeys.CreateOperator), mustPair(t, nkeys.CreateAccount)
	operatorKey, accountKey := mustPublic(t, operator), mustPublic(t, account)
	claims := jwt.NewAccountClaims(accountKey)
	token, err := claims.Encode(operator)
	if err != nil {
		t.Fatal(err)
	}
	resolver := &server.MemAccResolver{}
	if err := resolver.Store(accountKey, token); err != nil {
		t.Fatal(err)
	}
	s := inProcess(t, &server.Options{TrustedKeys: []string{operatorKey}, AccountResolver: resolver})
	credentials := func(by nkeys.KeyPair, expires time.Time) string {
		public, seed := newUser(t)
		claims := jwt.NewUserClaims(public)
		claims.IssuerAccount = ""
		claims.Expires = expires.Unix()
		token, err := claims.Encode(by)
		if err != nil {
			t.Fatal(err)
		}
		text, err := jwt.FormatUserConfig(token, seed)
		if err != nil {
			t.Fatal(err)
		}
		return write(t, "user.creds", text)
	}
	soon, past := time.Now().Add(time.Hour), time.Now().Add(-time.Hour)
	tryConnect(t, s+"?creds="+credentials(account, soon), "", nil)
	tryConnect(t, s+"?creds="+credentials(account, past), "it expired on "+past.Format(time.DateTime), bus.ErrRefused)
	tryConnect(t, s+"?creds="+credentials(mustPair(t, nkeys.CreateAccount), soon), "does not accept these credentials", bus.ErrRefused)
	var short *natsbus.Bus
	for valid := 2 * time.Second; short == nil; valid *= 2 { // until they last as long as it takes to connect
		var err error
		short, err = natsbus.Connect(t.Context(), natsbus.Options{URL: s + "?creds=" + credentials(account, time.Now().Add(valid))})
		if err != nil && valid > patience {
			t.Fatal(err)
		}
	}
	p := &place{T: t, bus: closing(t, short)}
	p.wantNotice("authentication expired")
	p.eventually("it is said why the connection does not come back", func() bool {
		return strings.Contains(strings.ToLower(short.Info().Detail), "authorization")
	})
	tryConnect(t, s+"?creds="+write(t, "empty.creds", []byte("none")), "holds no user's seed", nil)
	tryConnect(t, s+"?creds=/nowhere/user.creds", "/nowhere/user.creds: no such file", bus.ErrUnreachable)
}

func mustPair(t *testing.T, create func() (nkeys.KeyPair, error)) nkeys.KeyPair {
	t.Helper()
	pair, err := create()
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

func mustPublic(t *testing.T, pair nkeys.KeyPair) string {
	t.Helper()
	public, err := pair.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	return public
}

// A URL's parameters are checked, and files that are named there are no secrets, but not shown either.
func TestURLParameters(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"?cred=x":          `no parameter "cred"`,
		"?tls_first=maybe": "tls_first is true or false",
		"?tls_ca=/nowhere": "/nowhere",
		"?tls_cert=/a.pem": "two files, tls_cert and tls_key",
		"?creds=%zz":       "name=value",
	} {
		tryConnect(t, "nats://127.0.0.1:1"+query, want, nil)
	}
	// With several servers, any of them may have the parameters.
	s := inProcess(t, &server.Options{Username: "ann", Password: "s3 cret"})
	b, err := natsbus.Connect(t.Context(), natsbus.Options{URL: fmt.Sprintf("nats://127.0.0.1:1,%s?inbox=_ann", strings.Replace(s, "://", "://"+url.UserPassword("ann", "s3 cret").String()+"@", 1))})
	if err != nil {
		t.Fatal(err)
	}
	closing(t, b)
	if info := b.Info(); strings.Contains(info.URL, "inbox") || strings.Contains(info.URL, "s3") {
		t.Errorf("info %+v", info)
	}
}

// A websocket is as good as a socket, encrypted or not; the port of the one is not that of the other.
func TestWebsocket(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	certificate := a.sign("server", "127.0.0.1", time.Now().Add(time.Hour))
	serve := func(websocket server.WebsocketOpts) (plain, socket string) {
		websocket.Host, websocket.Port = "127.0.0.1", bustest.FreePort(t)
		plain = inProcess(t, &server.Options{Websocket: websocket})
		return plain, fmt.Sprintf("127.0.0.1:%d", websocket.Port)
	}
	plain, open := serve(server.WebsocketOpts{NoTLS: true})
	_, encrypted := serve(server.WebsocketOpts{TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate.pair}, MinVersion: tls.VersionTLS12}})
	tryConnect(t, "ws://"+open, "", nil)
	tryConnect(t, "wss://"+encrypted+"?tls_ca="+a.file, "", nil)
	tryConnect(t, "wss://"+encrypted, "signed by nobody who is trusted here", bus.ErrUnreachable)
	tryConnect(t, strings.Replace(plain, "nats:", "ws:", 1), "no websocket answers there", bus.ErrUnreachable)
	tryConnect(t, "nats://"+open, "says nothing", bus.ErrUnreachable)
	tryConnect(t, "nats://127.0.0.1:99999", "99999 is no address: invalid port", bus.ErrUnreachable)
}

// A server that wants TLS at once says nothing to a client that waits for its greeting.
func TestTLSFirst(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	serve := func(seconds float64) string {
		return inProcess(t, &server.Options{TLSHandshakeFirst: true, TLSTimeout: seconds, TLSConfig: &tls.Config{
			Certificates: []tls.Certificate{a.sign("server", "127.0.0.1", time.Now().Add(time.Hour)).pair}, MinVersion: tls.VersionTLS12,
		}})
	}
	tryConnect(t, serve(patience.Seconds())+"?tls_first=true&tls_ca="+a.file, "", nil)
	tryConnect(t, serve(0.3)+"?tls_ca="+a.file, "tls_first=true", bus.ErrUnreachable)
}
