package natsbus_test

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
	"strings"
	"testing"
	"time"

	"signalbox/bus/bustest"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// serverConfig tells the test binary to be a server, so that a server can be killed without the test.
const serverConfig = "NATSBUS_TEST_SERVER"

func TestMain(m *testing.M) {
	if file := os.Getenv(serverConfig); file != "" {
		serve(file)
	}
	if url := os.Getenv(readerServer); url != "" {
		readAll(url)
	}
	os.Exit(m.Run())
}

// serve runs until it is killed, or until the test that started it is gone.
func serve(config string) {
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	options, err := server.ProcessConfigFile(config)
	if err == nil {
		options.NoLog = true
		options.LameDuckDuration, options.LameDuckGracePeriod = time.Second, 100*time.Millisecond // a file may not say so little
		var s *server.Server
		if s, err = server.NewServer(options); err == nil {
			s.Start()
			s.WaitForShutdown()
			os.Exit(0)
		}
	}
	fmt.Fprintln(os.Stderr, "test server:", err)
	os.Exit(1)
}

// testServer is a nats-server in a process of its own.
type testServer struct {
	t       testing.TB
	command []string
	config  string
	url     string
	user    *url.Userinfo
	process *exec.Cmd
}

// startServer starts the nats-server that the module requires, or the binary given, with further configuration.
func startServer(t testing.TB, binary, config string, user *url.Userinfo) *testServer {
	t.Helper()
	s := newServer(t, binary, config, user)
	s.Restart()
	return s
}

// newServer makes a server that is not running yet.
func newServer(t testing.TB, binary, config string, user *url.Userinfo) *testServer {
	t.Helper()
	dir := t.TempDir()
	port := bustest.FreePort(t)
	s := &testServer{t: t, config: filepath.Join(dir, "server.conf"), url: fmt.Sprintf("nats://127.0.0.1:%d", port), user: user}
	text := fmt.Sprintf("listen: \"127.0.0.1:%d\"\njetstream { store_dir: %q }\n%s", port, filepath.Join(dir, "store"), config)
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

func (s *testServer) URL() string {
	if s.user == nil {
		return s.url
	}
	return strings.Replace(s.url, "://", "://"+s.user.String()+"@", 1)
}

func (s *testServer) Kill() {
	if s.process == nil {
		return
	}
	_ = s.process.Process.Kill()
	_ = s.process.Wait()
	s.process = nil
}

func (s *testServer) Restart() {
	s.t.Helper()
	s.launch()
	s.ready()
}

// launch starts the process.
func (s *testServer) launch() {
	s.t.Helper()
	s.process = exec.Command(s.command[0], s.command[1:]...)
	if s.command[0] == os.Args[0] { // it says only why it cannot be one
		s.process.Stderr = os.Stderr
	}
	s.process.Env = append(os.Environ(), serverConfig+"="+s.config)
	if _, err := s.process.StdinPipe(); err != nil {
		s.t.Fatal(err)
	}
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
}

// ready waits until the server answers, and JetStream too.
func (s *testServer) ready() {
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

// client is another program's connection.
func client(t testing.TB, url string) (*nats.Conn, jetstream.JetStream) {
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

// readers names all consumers of all streams.
func readers(t testing.TB, url string) []string {
	t.Helper()
	conn, js := client(t, url)
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
