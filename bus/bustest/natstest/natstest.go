// Package natstest is nats-servers of a test's own, each in a process of its own, so that it can be killed without the test: the
// test binary is started once more, and is the server. Its functions belong to the goroutine of the test and wait for servers.
package natstest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"signalbox/bus/bustest"
)

// asServer tells the test binary to be a server, with the configuration of a file.
const asServer = "NATS_TEST_SERVER"

// ServeIfAsked is called by TestMain before all else: it does not return where the test binary is to be a server. also is called
// with a server that has started, and its configuration; it may be nil.
func ServeIfAsked(also func(s *server.Server, config string) error) {
	if file := os.Getenv(asServer); file != "" {
		if err := serve(file, also); err != nil {
			fmt.Fprintln(os.Stderr, "test server:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
}

// serve runs until it is killed, or until the test that started it is gone.
func serve(file string, also func(*server.Server, string) error) error {
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	config, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	options, err := server.ProcessConfigFile(file)
	if err != nil {
		return err
	}
	options.NoLog = true
	options.LameDuckDuration, options.LameDuckGracePeriod = time.Second, 100*time.Millisecond // a file may not say so little
	s, err := server.NewServer(options)
	if err != nil {
		return err
	}
	s.Start()
	if also != nil {
		if err := also(s, string(config)); err != nil {
			return err
		}
	}
	s.WaitForShutdown()
	return nil
}

// Server is a nats-server in a process of its own.
type Server struct {
	t       testing.TB
	command []string
	config  string
	address string
	User    *url.Userinfo // whom URL names
	Process *exec.Cmd     // nil while it is down
}

// Start starts the nats-server that the module requires, or the binary given, with further configuration.
func Start(t testing.TB, binary, config string, user *url.Userinfo) *Server {
	t.Helper()
	s := New(t, binary, config, user)
	s.Restart()
	return s
}

// New makes a server that is not running yet.
func New(t testing.TB, binary, config string, user *url.Userinfo) *Server {
	t.Helper()
	dir, port := t.TempDir(), bustest.FreePort(t)
	s := &Server{t: t, config: filepath.Join(dir, "server.conf"), address: fmt.Sprintf("127.0.0.1:%d", port), User: user}
	text := fmt.Sprintf("listen: %q\njetstream { store_dir: %q }\n%s", s.address, filepath.Join(dir, "store"), config)
	if err := os.WriteFile(s.config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s.command = []string{os.Args[0]}
	if binary != "" {
		s.command = []string{binary, "-c", s.config}
	}
	t.Cleanup(s.Kill)
	return s
}

// URL is that of the server, with the user who may do all.
func (s *Server) URL() string { return s.As("nats", s.User) }

// As is the URL for a user, of a scheme.
func (s *Server) As(scheme string, user *url.Userinfo) string {
	return (&url.URL{Scheme: scheme, User: user, Host: s.address}).String()
}

// Kill ends it at once.
func (s *Server) Kill() {
	if s.Process == nil {
		return
	}
	_ = s.Process.Process.Kill()
	_ = s.Process.Wait()
	s.Process = nil
}

// Restart starts it, and waits until it answers.
func (s *Server) Restart() {
	s.t.Helper()
	s.Launch()
	s.Ready()
}

// Launch starts the process.
func (s *Server) Launch() {
	s.t.Helper()
	s.Process = exec.Command(s.command[0], s.command[1:]...)
	if s.command[0] == os.Args[0] { // it says only why it cannot be one
		s.Process.Stderr = os.Stderr
	}
	s.Process.Env = append(os.Environ(), asServer+"="+s.config)
	if _, err := s.Process.StdinPipe(); err != nil {
		s.t.Fatal(err)
	}
	if err := s.Process.Start(); err != nil {
		s.t.Fatal(err)
	}
}

// Ready waits until the server answers, and JetStream too.
func (s *Server) Ready() {
	s.t.Helper()
	deadline := time.Now().Add(time.Minute)
	pause := time.NewTicker(5 * time.Millisecond)
	defer pause.Stop()
	for {
		conn, err := nats.Connect(s.URL())
		if err == nil {
			js, _ := jetstream.New(conn)
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			_, err = js.AccountInfo(ctx)
			cancel()
			conn.Close()
			if err == nil || errors.Is(err, jetstream.ErrJetStreamNotEnabled) {
				return
			}
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("test server: %v", err)
		}
		<-pause.C
	}
}

// Client is another program's connection.
func Client(t testing.TB, url string) (*nats.Conn, jetstream.JetStream) {
	t.Helper()
	conn, err := nats.Connect(url, nats.MaxReconnects(-1), nats.ReconnectWait(20*time.Millisecond), nats.ReconnectBufSize(-1),
		nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}))
	if err != nil {
		t.Fatal(err)
	}
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	return conn, js
}

// Readers names all consumers of all streams.
func Readers(t testing.TB, url string) []string {
	t.Helper()
	conn, js := Client(t, url)
	defer conn.Close()
	var all []string
	streams := js.StreamNames(t.Context())
	for name := range streams.Name() {
		stream, err := js.Stream(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		consumers := stream.ConsumerNames(t.Context())
		for consumer := range consumers.Name() {
			all = append(all, name+"/"+consumer)
		}
	}
	slices.Sort(all)
	return all
}
